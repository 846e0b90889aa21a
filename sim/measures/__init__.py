"""Measure: what the numbers of one run say, from its history alone."""
