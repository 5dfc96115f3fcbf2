/* What moves: load, power, heat, clocks and fans.
 *
 * Keys: utilization_percent power_mw power_limit_mw power_limit_default_mw
 * power_limit_enforced_mw power_limit_min_mw power_limit_max_mw energy_mj temperature_c
 * temperature_margin_c temperature_threshold_T (number of nvml.h) field_F (number of nvml.h)
 * clock_C_mhz clock_C_max_mhz (C: 0 graphics, 1 SM, 2 memory, 3 video) clocks_event_reasons
 * fan_count fan_percent.
 */
#include "scenario.h"

#include <stdio.h>

TELLS(nvmlDeviceGetPowerUsage, "power_mw", unsigned int)
TELLS(nvmlDeviceGetPowerManagementLimit, "power_limit_mw", unsigned int)
TELLS(nvmlDeviceGetPowerManagementDefaultLimit, "power_limit_default_mw", unsigned int)
TELLS(nvmlDeviceGetEnforcedPowerLimit, "power_limit_enforced_mw", unsigned int)
TELLS(nvmlDeviceGetTotalEnergyConsumption, "energy_mj", unsigned long long)
TELLS(nvmlDeviceGetCurrentClocksEventReasons, "clocks_event_reasons", unsigned long long)
TELLS(nvmlDeviceGetCurrentClocksThrottleReasons, "clocks_event_reasons", unsigned long long)
TELLS(nvmlDeviceGetNumFans, "fan_count", unsigned int)
TELLS(nvmlDeviceGetFanSpeed, "fan_percent", unsigned int)

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization)
{
    ENTER_INITIALISED(device);
    int percent;
    nvmlReturn_t code = integer_of(device, "utilization_percent", &percent);
    if (code == NVML_SUCCESS)
        *utilization = (nvmlUtilization_t){.gpu = percent};
    return code;
}

nvmlReturn_t nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t device, unsigned int *min,
                                                          unsigned int *max)
{
    ENTER_INITIALISED(device);
    nvmlReturn_t code = integer_of(device, "power_limit_min_mw", (int *)min);
    return code == NVML_SUCCESS ? integer_of(device, "power_limit_max_mw", (int *)max) : code;
}

nvmlReturn_t nvmlDeviceGetTemperatureV(nvmlDevice_t device, nvmlTemperature_t *temperature)
{
    ENTER_INITIALISED(device);
    if (temperature->version != nvmlTemperature_v1)
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    return integer_of(device, "temperature_c", &temperature->temperature);
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t sensor,
                                      unsigned int *temperature)
{
    ENTER_INITIALISED(device);
    if (sensor != NVML_TEMPERATURE_GPU)
        return NVML_ERROR_INVALID_ARGUMENT;
    return integer_of(device, "temperature_c", (int *)temperature);
}

nvmlReturn_t nvmlDeviceGetMarginTemperature(nvmlDevice_t device, nvmlMarginTemperature_t *margin)
{
    ENTER_INITIALISED(device);
    if (margin->version != nvmlMarginTemperature_v1)
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    return integer_of(device, "temperature_margin_c", &margin->marginTemperature);
}

static nvmlReturn_t numbered(nvmlDevice_t device, const char *form, unsigned number,
                             unsigned int *out)
{
    char key[TEXT_LIMIT];
    snprintf(key, sizeof key, form, number);
    return integer_of(device, key, (int *)out);
}

nvmlReturn_t nvmlDeviceGetTemperatureThreshold(nvmlDevice_t device,
                                               nvmlTemperatureThresholds_t threshold,
                                               unsigned int *out)
{
    ENTER_INITIALISED(device);
    return numbered(device, "temperature_threshold_%u", threshold, out);
}

nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, nvmlClockType_t type, unsigned int *out)
{
    ENTER_INITIALISED(device);
    return numbered(device, "clock_%u_mhz", type, out);
}

nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, nvmlClockType_t type, unsigned int *out)
{
    ENTER_INITIALISED(device);
    return numbered(device, "clock_%u_max_mhz", type, out);
}

nvmlReturn_t nvmlDeviceGetFanSpeed_v2(nvmlDevice_t device, unsigned int fan, unsigned int *out)
{
    ENTER_INITIALISED(device);
    int count = 0;
    integer_of(device, "fan_count", &count);
    return (int)fan < count ? numbered(device, "fan_percent", fan, out)
                            : NVML_ERROR_INVALID_ARGUMENT;
}

nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t *values)
{
    ENTER_INITIALISED(device);
    for (int i = 0; i < count; i++) {
        values[i].valueType = NVML_VALUE_TYPE_UNSIGNED_INT;
        values[i].nvmlReturn =
            numbered(device, "field_%u", values[i].fieldId, &values[i].value.uiVal);
    }
    return NVML_SUCCESS;
}
