"""Let EMA Workbench run the model: a Latin hypercube over two parameters, and what it hands back.

Needs the extra: pip install 'post-soviet-scenarios[discovery]'. EMA Workbench wants names without dots, so a
path is written with `__` for its dot.
"""

import sim

PATHS = ["moscow.keep_weight", "citizens.conformity"]
OUTCOMES = ["street_falls", "influence_change"]
POINTS = 4
RUNS = 20


def main() -> None:
    try:
        from ema_workbench import (  # noqa: PLC0415 - an extra
            Model,
            RealParameter,
            ScalarOutcome,
            SequentialEvaluator,
        )  # fmt: skip
    except ImportError:
        print("Skipped: EMA Workbench is missing; pip install 'post-soviet-scenarios[discovery]' brings it")
        return
    function = sim.as_function("baseline", OUTCOMES, runs=RUNS)
    model = Model("sim", function=function)
    model.uncertainties = [
        RealParameter(path.replace(".", "__"), low, high)
        for path, (low, high) in function.ranges(PATHS).items()
    ]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]

    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=POINTS)
    for name in OUTCOMES:
        experiments[name] = outcomes[name]
    print(experiments[[*(path.replace(".", "__") for path in PATHS), *OUTCOMES]].round(3))


if __name__ == "__main__":
    main()
