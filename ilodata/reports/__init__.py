"""Batches: report lists, their running through papermill, and the pages that come out."""
