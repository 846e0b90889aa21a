"""The record since 1991, its patterns, and the model held against them."""
