/* The citizens' month in C, written straightforwardly: one loop for each thing the rule says.
   Citizens lie state after state. Compiled by compiled.py with -O3 -march=native. `restrict`, and & in
   place of && where both sides are cheap, let the compiler use vector instructions. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static float clamp(float x) { return x < -1.0f ? -1.0f : x > 1.0f ? 1.0f : x; }

/* Cohorts, attitude to Moscow, jail. */
void live(int states, int n, float *restrict attitude, const float *restrict succession,
          uint8_t *restrict jail, const double *drift,
          const double *jolt, const double *replacement, double gap, double *replaced, double *mean_attitude,
          double *young_share)
{
    for (int s = 0; s < states; s++) {
        float before = (float)replaced[s];
        replaced[s] += replacement[s] * (1.0 - replaced[s]);
        float now = (float)replaced[s];
        float elder = (float)(0.5 * drift[s] + jolt[s]), youth = (float)(1.5 * drift[s] + jolt[s]);
        float fall = (float)gap;
        double total = 0.0;
        int young = 0;
        for (int i = s * n; i < (s + 1) * n; i++) {
            float view = attitude[i];
            view -= (succession[i] >= before) & (succession[i] < now) ? fall : 0.0f;
            view = clamp(view + (succession[i] < now ? youth : elder));
            attitude[i] = view;
            total += view;
            young += succession[i] < now;
            jail[i] -= jail[i] > 0;
        }
        mean_attitude[s] = total / n;
        young_share[s] = (double)young / n;
    }
}

/* Grievance, then the cascade from nobody to its least fixed point, then falsification. */
void watch(int states, int n, const float *hardship, const float *risk_aversion, const float *attitude,
           const uint8_t *jail, uint8_t *act, float *motive, const double *legitimacy, const double *salience,
           const double *alignment, const double *deterrence, const double *force, double relief,
           double threshold, double conformity, double arrest_constant, double national, int localities, double *participation,
           double *falsification)
{
    int *counts = malloc(localities * sizeof *counts);
    for (int s = 0; s < states; s++) {
        const float *restrict h = hardship + (size_t)s * n, *restrict r = risk_aversion + (size_t)s * n;
        const float *restrict a = attitude + (size_t)s * n;
        const uint8_t *restrict in_jail = jail + (size_t)s * n;
        uint8_t *restrict out = act + (size_t)s * n;
        float *restrict g = motive + (size_t)s * n;
        float deprivation = (float)(1.0 - legitimacy[s]), weight = (float)(-salience[s] * alignment[s]);
        for (int i = 0; i < n; i++) {
            float at_odds = weight * a[i];
            g[i] = h[i] * deprivation + (at_odds > 0.0f ? at_odds : at_odds * (float)relief);
        }
        for (int p = 0; p < localities; p++)
            counts[p] = 0;
        int total = 0, before = -1;
        while (total != before) {
            before = total;
            for (int p = 0; p < localities; p++) {
                int first = (int)((int64_t)p * n / localities), last = (int)((int64_t)(p + 1) * n / localities);
                double seen = national * total / n + (1.0 - national) * counts[p] / (last - first);
                double risk = 1.0 - exp(-arrest_constant * force[s] / fmax(seen, 1.0 / n));
                float bar = (float)(threshold - conformity * seen), fear = (float)(deterrence[s] * risk);
                int count = 0;
                for (int i = first; i < last; i++) {
                    out[i] = (g[i] - r[i] * fear >= bar) & (in_jail[i] == 0);
                    count += out[i];
                }
                total += count - counts[p];
                counts[p] = count;
            }
        }
        participation[s] = (double)total / n;
        int silent = 0;
        float line = (float)threshold;
        for (int i = 0; i < n; i++)
            silent += (g[i] > line) & !out[i];
        falsification[s] = (double)silent / n;
    }
    free(counts);
}
