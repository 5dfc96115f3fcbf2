/* What nvitop's collector asks beside what rigcheck asks: benchmarks/nvml_sampling.py lets both
 * watch the same GPUs, and a function that is missing would cost it more than its answer.
 *
 * Keys: encoder_percent decoder_percent performance_state.
 */
#include "scenario.h"

static nvmlReturn_t engine_of(nvmlDevice_t device, const char *key, unsigned int *percent,
                              unsigned int *period_us)
{
    *period_us = 166000;
    return integer_of(device, key, (int *)percent);
}

nvmlReturn_t nvmlDeviceGetEncoderUtilization(nvmlDevice_t device, unsigned int *percent,
                                             unsigned int *period_us)
{
    ENTER_INITIALISED(device);
    return engine_of(device, "encoder_percent", percent, period_us);
}

nvmlReturn_t nvmlDeviceGetDecoderUtilization(nvmlDevice_t device, unsigned int *percent,
                                             unsigned int *period_us)
{
    ENTER_INITIALISED(device);
    return engine_of(device, "decoder_percent", percent, period_us);
}

TELLS(nvmlDeviceGetPerformanceState, "performance_state", nvmlPstates_t)

nvmlReturn_t nvmlDeviceGetDriverModel(nvmlDevice_t device, nvmlDriverModel_t *current,
                                      nvmlDriverModel_t *pending)
{
    (void)current;
    (void)pending;
    ENTER_INITIALISED(device);
    return NVML_ERROR_NOT_SUPPORTED; /* Windows only */
}
