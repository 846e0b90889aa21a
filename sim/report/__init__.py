"""A report on a results folder: one HTML file that opens without a network, for readers who run nothing."""
