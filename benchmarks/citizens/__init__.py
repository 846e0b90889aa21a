"""The citizen stage in this model, in C, and in other frameworks: one adapter a file."""
