"""The results folder: outcomes and end state of a run, comparison of scenarios, one run's story."""
