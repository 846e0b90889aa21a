"""Hand the model to any library that takes a function: here SciPy looks for a value of one parameter.

At what weight of keeping its sphere does Moscow's influence stay, on average, as it is? The same numbers
always give the same outcomes, so a root finder meets no noise; with few runs it meets the accidents of these.
"""

from scipy.optimize import minimize_scalar

import sim

PATH, OUTCOME = "moscow.keep_weight", "influence_change"
RUNS = 20


def main() -> None:
    model = sim.as_function("baseline", [OUTCOME], runs=RUNS, workers=2)
    low, high = model.ranges([PATH], allowed=True)[PATH]

    def miss(value: float) -> float:
        change = model({PATH: value})[OUTCOME]
        print(f"{PATH} = {value:.3f}: {OUTCOME} {change:+.3f}")
        return abs(change)

    best = minimize_scalar(miss, bounds=(low, high), method="bounded", options={"maxiter": 8})
    print(f"\nNearest to no change: {PATH} = {best.x:.3f}, {OUTCOME} off by {best.fun:.3f}")


if __name__ == "__main__":  # workers need it only for a model of the script's own
    main()
