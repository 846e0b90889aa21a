"""Remake what the documents hold of runs, every table, figure and number: ``python -m docs.remake``."""
