"""Pictures of what money moved."""
