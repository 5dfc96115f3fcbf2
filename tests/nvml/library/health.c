/* Memory errors, modes, and the events that tell of an Xid.
 *
 * Keys: ecc `CURRENT PENDING`, ecc_T_C (errors; T: 0 corrected, 1 uncorrected; C: 0 volatile,
 * 1 aggregate) retired_pages_0 (single bit) retired_pages_1 (double bit) retired_pages_pending
 * remapped_rows `CORRECTABLE UNCORRECTABLE PENDING FAILURE` persistence_mode compute_mode
 * display_attached display_active addressing_mode, and for each event a line
 * `xid NUMBER SECONDS`, the seconds counted from when somebody began to listen.
 */
#include "scenario.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

TELLS(nvmlDeviceGetRetiredPagesPendingStatus, "retired_pages_pending", nvmlEnableState_t)
TELLS(nvmlDeviceGetPersistenceMode, "persistence_mode", nvmlEnableState_t)
TELLS(nvmlDeviceGetComputeMode, "compute_mode", nvmlComputeMode_t)
TELLS(nvmlDeviceGetDisplayMode, "display_attached", nvmlEnableState_t)
TELLS(nvmlDeviceGetDisplayActive, "display_active", nvmlEnableState_t)

nvmlReturn_t nvmlDeviceGetAddressingMode(nvmlDevice_t device, nvmlDeviceAddressingMode_t *mode)
{
    ENTER_INITIALISED(device);
    if (mode->version != nvmlDeviceAddressingMode_v1)
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    return integer_of(device, "addressing_mode", (int *)&mode->value);
}

nvmlReturn_t nvmlDeviceGetEccMode(nvmlDevice_t device, nvmlEnableState_t *current,
                                  nvmlEnableState_t *pending)
{
    ENTER_INITIALISED(device);
    const char *text = find(device, "ecc");
    return text && sscanf(text, "%u %u", (unsigned *)current, (unsigned *)pending) == 2
               ? NVML_SUCCESS
               : NVML_ERROR_NOT_SUPPORTED;
}

nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t type,
                                         nvmlEccCounterType_t counter, unsigned long long *out)
{
    ENTER_INITIALISED(device);
    char key[TEXT_LIMIT];
    snprintf(key, sizeof key, "ecc_%d_%d", (int)type, (int)counter);
    return whole_of(device, key, out);
}

nvmlReturn_t nvmlDeviceGetRetiredPages(nvmlDevice_t device, nvmlPageRetirementCause_t cause,
                                       unsigned int *count, unsigned long long *addresses)
{
    ENTER_INITIALISED(device);
    char key[TEXT_LIMIT];
    int pages;
    snprintf(key, sizeof key, "retired_pages_%d", (int)cause);
    nvmlReturn_t code = integer_of(device, key, &pages);
    if (code != NVML_SUCCESS)
        return code;
    unsigned room = addresses ? *count : 0;
    *count = pages;
    if (room < (unsigned)pages)
        return NVML_ERROR_INSUFFICIENT_SIZE;
    for (int i = 0; i < pages; i++)
        addresses[i] = 0x1000ull * (i + 1);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t device, unsigned int *correctable,
                                       unsigned int *uncorrectable, unsigned int *pending,
                                       unsigned int *failure)
{
    ENTER_INITIALISED(device);
    const char *text = find(device, "remapped_rows");
    return text && sscanf(text, "%u %u %u %u", correctable, uncorrectable, pending, failure) == 4
               ? NVML_SUCCESS
               : NVML_ERROR_NOT_SUPPORTED;
}

/* Events ------------------------------------------------------------------------------------- */

/* The header leaves this type open, too. One set is enough for us. */
struct nvmlEventSet_st {
    int is_watched[GPU_LIMIT];
    double created_s;
    double told_s; /* events up to so long after it have been delivered */
};

static struct nvmlEventSet_st the_set;

nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set)
{
    ENTER_INITIALISED(&driver);
    the_set = (struct nvmlEventSet_st){.created_s = age_s()};
    *set = &the_set;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set)
{
    (void)set;
    ENTER_INITIALISED(&driver);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long types,
                                      nvmlEventSet_t set)
{
    ENTER_INITIALISED(device);
    if (types != nvmlEventTypeXidCriticalError)
        return NVML_ERROR_INVALID_ARGUMENT;
    set->is_watched[device - gpus] = 1;
    return NVML_SUCCESS;
}

/* The first event that was not delivered yet, due or not. */
static int next_event(nvmlEventSet_t set, nvmlEventData_t *data, double *due_s)
{
    int found = 0;
    unsigned xid;
    double seconds;
    for (int n = 0; n < gpu_count; n++)
        for (int i = 0; set->is_watched[n] && i < gpus[n].line_count; i++) {
            const struct line *line = &gpus[n].lines[i];
            if (strcmp(line->key, "xid") || sscanf(line->value, "%u %lf", &xid, &seconds) != 2)
                continue;
            if (seconds <= set->told_s || (found && seconds >= *due_s))
                continue;
            found = 1;
            *due_s = seconds;
            *data = (nvmlEventData_t){.device = &gpus[n],
                                      .eventType = nvmlEventTypeXidCriticalError,
                                      .eventData = xid};
        }
    return found;
}

static void sleep_s(double seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds};
    left.tv_nsec = (long)((seconds - left.tv_sec) * 1e9);
    nanosleep(&left, NULL);
}

nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int timeout_ms)
{
    ENTER_INITIALISED(&driver);
    double due_s, now = age_s() - set->created_s, timeout_s = timeout_ms / 1000.0;
    if (!next_event(set, data, &due_s) || due_s > now + timeout_s) {
        sleep_s(timeout_s);
        return NVML_ERROR_TIMEOUT;
    }
    if (due_s > now)
        sleep_s(due_s - now);
    set->told_s = due_s;
    return NVML_SUCCESS;
}
