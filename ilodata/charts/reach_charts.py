"""Pictures of whom the projects reached."""

import altair as alt

from ilodata.charts import look


def reach(shown, roles):
    """Draw which project touches which place in which role.

    Parameters
    ----------
    shown : DataFrame
        From ``reach.within``: project, place, role.
    roles : dict
        Role to its words: ``reach.ROLE_WORDS``.

    Returns
    -------
    Altair chart
        One mark a project, place and role; shape and colour say the role.
    """
    title = "Which project touches which place, and in which role"
    if shown.empty:
        return look.nothing(title)
    rows = shown.assign(role=shown.role.map(roles))[["project", "place", "role", "source"]]
    visited = list(rows.place.value_counts().index)
    names = list(dict.fromkeys(rows.project))
    here = [role for role in look.ROLES if role in set(rows.role)]
    colours = alt.Scale(domain=here, range=[look.ROLES[r][0] for r in here])
    shapes = alt.Scale(domain=here, range=[look.ROLES[r][1] for r in here])
    chart = alt.Chart(rows).mark_point(size=130, filled=True, opacity=1)
    chart = chart.encode(
        x=alt.X("place:N", title=None, sort=visited, axis=alt.Axis(labelAngle=-35, grid=True)),
        y=alt.Y("project:N", title=None, sort=names, axis=alt.Axis(grid=True)),
        xOffset=alt.XOffset("role:N", sort=here),
        color=alt.Color("role:N", title="Role", scale=colours, legend=alt.Legend(columns=2)),
        shape=alt.Shape("role:N", title="Role", scale=shapes),
        tooltip=["project:N", "place:N", "role:N", "source:N"],
    ).properties(width=max(360, 38 * len(visited)), height=30 * len(names))
    said = "; ".join(f"{r.project}: {r.place} ({r.role})" for r in rows.itertuples())
    return look.finish(chart, title, f"{said}.")


def places(counted):
    """Draw how many projects touch each place, by role.

    Parameters
    ----------
    counted : DataFrame
        From ``reach.by_place``: place, role, projects, named.

    Returns
    -------
    Altair chart
        One lane a role: roles are not added up.
    """
    title = "How many projects touch each place, by role"
    if counted.empty:
        return look.nothing(title)
    lanes = []
    for role in [r for r in look.ROLES if r in set(counted.role)]:
        rows = counted[counted.role == role][["place", "role", "projects", "named"]]
        ticks = list(range(int(counted.projects.max()) + 1))
        bars = alt.Chart(rows).mark_bar(color=look.ROLES[role][0], height=12)
        bars = bars.encode(
            x=alt.X(
                "projects:Q",
                title="projects",
                scale=alt.Scale(domain=[0, ticks[-1]]),
                axis=alt.Axis(values=ticks, format="d"),
            ),
            y=alt.Y("place:N", title=None, sort=list(rows.place)),
            tooltip=["place:N", "role:N", "projects:Q", "named:N"],
        )
        lanes.append(bars.properties(width=look.WIDTH, height=look.height(len(rows)), title=role))
    said = "; ".join(f"{r.place}, {r.role}: {r.projects}" for r in counted.itertuples())
    return look.finish(alt.vconcat(*lanes), title, f"{said}.")
