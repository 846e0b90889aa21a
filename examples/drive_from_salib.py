"""Let SALib choose the points: Morris' elementary effects of three parameters on two outcomes.

SALib hands out a table of numbers and takes a column of outcomes back; `sim.as_function` is between them. For
the same by one command, see `sim rank`.
"""

import pandas as pd
from SALib.analyze import morris as analyse
from SALib.sample import morris as sample

import sim

PATHS = ["moscow.keep_weight", "citizens.conformity", "war.window"]
OUTCOMES = ["street_falls", "influence_change"]
TRAJECTORIES = 4
RUNS = 20


def main() -> None:
    model = sim.as_function("baseline", OUTCOMES, runs=RUNS, workers=2)
    ranges = model.ranges(PATHS)
    problem = {"num_vars": len(PATHS), "names": PATHS, "bounds": [list(ranges[path]) for path in PATHS]}

    points = sample.sample(problem, TRAJECTORIES, seed=1)
    found = model.table(pd.DataFrame(points, columns=PATHS), progress=True)  # one row a point

    for outcome in OUTCOMES:
        effects = analyse.analyze(problem, points, found[outcome].to_numpy(), seed=1)
        print(f"\n{outcome}: mean absolute effect of a parameter over its range, and its 95 % interval")
        for path, size, error in zip(PATHS, effects["mu_star"], effects["mu_star_conf"], strict=True):
            print(f"  {path:22} {size:.3f} +- {error:.3f}")


if __name__ == "__main__":  # workers need it only for a model of the script's own
    main()
