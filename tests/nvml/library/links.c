/* Links: PCIe, NVLink, and the way from one GPU to another.
 *
 * Keys: pcie_generation_now pcie_generation_max pcie_generation_card_max pcie_width_now
 * pcie_width_max pcie_sent_kb_per_s pcie_received_kb_per_s pcie_replays, and for each NVLink a
 * line `nvlink LINK ACTIVE VERSION`.
 */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

TELLS(nvmlDeviceGetCurrPcieLinkGeneration, "pcie_generation_now", unsigned int)
TELLS(nvmlDeviceGetMaxPcieLinkGeneration, "pcie_generation_max", unsigned int)
TELLS(nvmlDeviceGetGpuMaxPcieLinkGeneration, "pcie_generation_card_max", unsigned int)
TELLS(nvmlDeviceGetCurrPcieLinkWidth, "pcie_width_now", unsigned int)
TELLS(nvmlDeviceGetMaxPcieLinkWidth, "pcie_width_max", unsigned int)
TELLS(nvmlDeviceGetPcieReplayCounter, "pcie_replays", unsigned int)

nvmlReturn_t nvmlDeviceGetPcieThroughput(nvmlDevice_t device, nvmlPcieUtilCounter_t counter,
                                         unsigned int *out)
{
    ENTER_INITIALISED(device);
    const char *key =
        counter == NVML_PCIE_UTIL_TX_BYTES ? "pcie_sent_kb_per_s" : "pcie_received_kb_per_s";
    return integer_of(device, key, (int *)out);
}

static nvmlReturn_t nvlink_of(nvmlDevice_t device, unsigned link, unsigned *active,
                              unsigned *version)
{
    unsigned number;
    for (int i = 0; i < device->line_count; i++)
        if (strcmp(device->lines[i].key, "nvlink") == 0 &&
            sscanf(device->lines[i].value, "%u %u %u", &number, active, version) == 3 &&
            number == link)
            return NVML_SUCCESS;
    return find(device, "nvlink") ? NVML_ERROR_INVALID_ARGUMENT : NVML_ERROR_NOT_SUPPORTED;
}

nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t device, unsigned int link,
                                      nvmlEnableState_t *is_active)
{
    ENTER_INITIALISED(device);
    unsigned active, version;
    nvmlReturn_t code = nvlink_of(device, link, &active, &version);
    if (code == NVML_SUCCESS)
        *is_active = active;
    return code;
}

nvmlReturn_t nvmlDeviceGetNvLinkVersion(nvmlDevice_t device, unsigned int link,
                                        unsigned int *version)
{
    ENTER_INITIALISED(device);
    unsigned active;
    return nvlink_of(device, link, &active, version);
}

static struct nvmlDevice_st *pair_of(nvmlDevice_t one, nvmlDevice_t other)
{
    int n = one - gpus, m = other - gpus;
    return n < m ? &pairs[n][m] : &pairs[m][n];
}

nvmlReturn_t nvmlDeviceGetTopologyCommonAncestor(nvmlDevice_t one, nvmlDevice_t other,
                                                 nvmlGpuTopologyLevel_t *level)
{
    struct nvmlDevice_st *pair = pair_of(one, other);
    ENTER_INITIALISED(pair);
    return integer_of(pair, "ancestor", (int *)level);
}

nvmlReturn_t nvmlDeviceGetP2PStatus(nvmlDevice_t one, nvmlDevice_t other,
                                    nvmlGpuP2PCapsIndex_t capability, nvmlGpuP2PStatus_t *status)
{
    struct nvmlDevice_st *pair = pair_of(one, other);
    ENTER_INITIALISED(pair);
    const char *key = capability == NVML_P2P_CAPS_INDEX_READ     ? "p2p_read"
                      : capability == NVML_P2P_CAPS_INDEX_NVLINK ? "p2p_nvlink"
                                                                 : "p2p_write";
    return integer_of(pair, key, (int *)status);
}
