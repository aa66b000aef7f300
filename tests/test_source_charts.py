"""Pictures of the evidence say how much of it is inferred."""

import pandas as pd

from ilodata import charts

BASIS = pd.DataFrame({"table": ["events"] * 2, "basis": ["stated", "inferred"], "cells": [9, 1]})


def test_a_picture_of_the_evidence_owes_its_reader(drawn_well):
    drawn_well(charts.support, BASIS, "events, inferred: 1")
