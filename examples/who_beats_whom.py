"""Read what `calibrate backtest` and `calibrate odds` wrote in pandas: who beats which simple forecast.

First, in a shell: calibrate backtest --out results/backtest, and calibrate odds --out results/odds
"""

from pathlib import Path

import pandas as pd

BACKTEST = Path("results/backtest/scores.csv")
ODDS = Path("results/odds/odds.csv")
REFERENCES = ("base rate", "state rate", "logistic", "persistence")
MEASURE = "log"  # or brier


def main() -> None:
    if BACKTEST.is_file():
        scores = pd.read_csv(BACKTEST)
        shared = scores[(scores.outcomes == "shared") & (scores.measure == MEASURE)]
        mean = shared.set_index("forecaster").score
        for name in mean.index.difference(REFERENCES, sort=False):
            beaten = [simple for simple in REFERENCES if mean[name] < mean[simple]]
            print(f"{name:12} {MEASURE} {mean[name]:.4f}, better than: {', '.join(beaten) or 'none'}")
        clear = shared[shared.high.astype(float) < 0].forecaster
        print(f"Better than the base rate beyond chance: {', '.join(clear) or 'none'}\n")
    else:
        print(f"{BACKTEST} is missing: run `calibrate backtest --out results/backtest` first")

    if ODDS.is_file():
        odds = pd.read_csv(ODDS).sort_values("probability", ascending=False)
        print(odds[["thesis", "probability", "low", "high", "in_play"]].round(2).to_string(index=False))
    else:
        print(f"{ODDS} is missing: run `calibrate odds --out results/odds` first")


if __name__ == "__main__":
    main()
