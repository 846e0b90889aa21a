"""Golden histories: hashes of the numbers of a set of runs, so that a step that should keep them does.

`histories.json` holds them. ``python tests/golden --help`` lists the commands. Renewing takes
a reason, which stands in the file.
"""
