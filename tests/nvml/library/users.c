/* Who uses a GPU: processes, and the instances of MIG.
 *
 * Keys: for each process a line `process KIND PID BYTES` (KIND: compute, graphics or mps; BYTES
 * may be `unknown`), mig `CURRENT PENDING`, mig_slots (how many instances fit). Keys of a MIG
 * instance: uuid gpu_instance compute_instance multiprocessors, and those of its memory.
 * Key of the system: process_bytes, how far apart `_v3` lays the processes (32 in 535.43 to 535.86).
 */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

TELLS(nvmlDeviceGetMaxMigDeviceCount, "mig_slots", unsigned int)
TELLS(nvmlDeviceGetGpuInstanceId, "gpu_instance", unsigned int)
TELLS(nvmlDeviceGetComputeInstanceId, "compute_instance", unsigned int)

nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending)
{
    ENTER_INITIALISED(device);
    const char *text = find(device, "mig");
    return text && sscanf(text, "%u %u", current, pending) == 2 ? NVML_SUCCESS
                                                                : NVML_ERROR_NOT_SUPPORTED;
}

nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned int index,
                                                 nvmlDevice_t *instance)
{
    ENTER_INITIALISED(device);
    if (index >= MIG_LIMIT || !migs[device - gpus][index].is_there)
        return NVML_ERROR_NOT_FOUND;
    *instance = &migs[device - gpus][index];
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetAttributes_v2(nvmlDevice_t device, nvmlDeviceAttributes_t *attributes)
{
    ENTER_INITIALISED(device);
    *attributes = (nvmlDeviceAttributes_t){0};
    return integer_of(device, "multiprocessors", (int *)&attributes->multiprocessorCount);
}

static nvmlReturn_t processes_of(nvmlDevice_t device, const char *kind, unsigned *count,
                                 nvmlProcessInfo_t *out, unsigned stride)
{
    char is_kind[TEXT_LIMIT];
    unsigned room = out ? *count : 0, found = 0, pid;
    unsigned long long n_bytes;
    for (int i = 0; i < device->line_count; i++) {
        const struct line *line = &device->lines[i];
        if (strcmp(line->key, "process"))
            continue;
        int known = sscanf(line->value, "%255s %u %llu", is_kind, &pid, &n_bytes);
        if (known < 2 || strcmp(is_kind, kind))
            continue;
        if (found < room) {
            nvmlProcessInfo_t told = {
                .pid = pid,
                .usedGpuMemory = known == 3 ? n_bytes : (unsigned long long)NVML_VALUE_NOT_AVAILABLE,
                .gpuInstanceId = ~0u,
                .computeInstanceId = ~0u};
            memcpy((char *)out + found * stride, &told, sizeof told);
        }
        found++;
    }
    *count = found;
    return found > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

static unsigned stride_of_v3(void)
{
    int n_bytes = sizeof(nvmlProcessInfo_t);
    integer_of(&driver, "process_bytes", &n_bytes);
    return n_bytes;
}

#define TELLS_PROCESSES(function, kind, stride)                                                 \
    nvmlReturn_t function(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *out)     \
    {                                                                                           \
        ENTER_INITIALISED(device);                                                              \
        return processes_of(device, (kind), count, out, (stride));                              \
    }

TELLS_PROCESSES(nvmlDeviceGetComputeRunningProcesses_v3, "compute", stride_of_v3())
TELLS_PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v3, "graphics", stride_of_v3())
TELLS_PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses_v3, "mps", stride_of_v3())
TELLS_PROCESSES(nvmlDeviceGetComputeRunningProcesses_v2, "compute", sizeof(nvmlProcessInfo_v2_t))
TELLS_PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v2, "graphics", sizeof(nvmlProcessInfo_v2_t))
TELLS_PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses_v2, "mps", sizeof(nvmlProcessInfo_v2_t))

/* These two are looked for and not called. */
nvmlReturn_t nvmlDeviceGetConfComputeMemSizeInfo(nvmlDevice_t device,
                                                 nvmlConfComputeMemSizeInfo_t *info)
{
    (void)info;
    ENTER_INITIALISED(device);
    return NVML_ERROR_NOT_SUPPORTED;
}

nvmlReturn_t nvmlDeviceGetRunningProcessDetailList(nvmlDevice_t device,
                                                   nvmlProcessDetailList_t *list)
{
    (void)list;
    ENTER_INITIALISED(device);
    return NVML_ERROR_NOT_SUPPORTED;
}
