/* What a GPU is, and its memory.
 *
 * Keys: uuid name pci_bus_id compute_capability (`8.9`) brand architecture (numbers of nvml.h)
 * serial vbios_version board_part_number memory_total_bytes memory_reserved_bytes
 * memory_used_bytes bar1_total_bytes.
 */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

TELLS_TEXT(nvmlDeviceGetName, "name")
TELLS_TEXT(nvmlDeviceGetUUID, "uuid")
TELLS_TEXT(nvmlDeviceGetSerial, "serial")
TELLS_TEXT(nvmlDeviceGetVbiosVersion, "vbios_version")
TELLS_TEXT(nvmlDeviceGetBoardPartNumber, "board_part_number")
TELLS(nvmlDeviceGetBrand, "brand", nvmlBrandType_t)
TELLS(nvmlDeviceGetArchitecture, "architecture", nvmlDeviceArchitecture_t)

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci)
{
    ENTER_INITIALISED(device);
    memset(pci, 0, sizeof *pci);
    return text_of(device, "pci_bus_id", pci->busId, sizeof pci->busId);
}

nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int *major, int *minor)
{
    ENTER_INITIALISED(device);
    const char *text = find(device, "compute_capability");
    return text && sscanf(text, "%d.%d", major, minor) == 2 ? NVML_SUCCESS
                                                            : NVML_ERROR_NOT_SUPPORTED;
}

static nvmlReturn_t memory_of(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    nvmlReturn_t code = whole_of(device, "memory_total_bytes", &memory->total);
    if (code != NVML_SUCCESS)
        return code;
    memory->reserved = memory->used = 0;
    whole_of(device, "memory_reserved_bytes", &memory->reserved);
    whole_of(device, "memory_used_bytes", &memory->used);
    memory->free = memory->total - memory->reserved - memory->used;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    ENTER_INITIALISED(device);
    if (memory->version != nvmlMemory_v2)
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    return memory_of(device, memory);
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
{
    ENTER_INITIALISED(device);
    nvmlMemory_v2_t apart;
    nvmlReturn_t code = memory_of(device, &apart);
    if (code != NVML_SUCCESS)
        return code;
    memory->total = apart.total;
    memory->free = apart.free;
    memory->used = apart.used + apart.reserved; /* the old figure does not tell them apart */
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetBAR1MemoryInfo(nvmlDevice_t device, nvmlBAR1Memory_t *bar1)
{
    ENTER_INITIALISED(device);
    *bar1 = (nvmlBAR1Memory_t){0};
    return whole_of(device, "bar1_total_bytes", &bar1->bar1Total);
}
