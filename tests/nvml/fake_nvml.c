/* A libnvidia-ml.so.1 that does what a scenario file says: values, errors, hangs and crashes.
 *
 * The file is named by the environment variable RIGCHECK_TEST_NVML_SCENARIO. One line, one statement:
 *
 *     # a comment
 *     system KEY VALUE          of the driver; keys: driver_version nvml_version cuda_version,
 *                               nvml_version_needs_init (`yes` for drivers up to 470 at least)
 *     gpu N KEY VALUE           of GPU N, counted from 0; the highest N decides how many there are
 *     SCOPE fail FUNCTION CODE [AFTER]     SCOPE is `system` or `gpu N`; CODE is an nvmlReturn_t
 *     SCOPE hang FUNCTION [AFTER]          AFTER: so many calls go well first
 *     SCOPE crash FUNCTION [AFTER]
 *     missing FUNCTION          not for us: the library is built without this function
 *
 * Keys of a GPU: uuid name pci_bus_id compute_capability (`8.9`) memory_total_bytes
 * memory_reserved_bytes memory_used_bytes utilization_percent power_mw temperature_c.
 * What has no line is NVML_ERROR_NOT_SUPPORTED. Of two lines for one key the later counts.
 * Text may hold \xNN for any byte. A number stands still (`450`) or moves with the seconds since
 * the library was loaded: `ramp FROM TO SECONDS` goes there once and stays, `square LOW HIGH
 * SECONDS` stays so long at each.
 */
#define NVML_NO_UNVERSIONED_FUNC_DEFS /* we define the names that are in the symbol table */
#include <nvml.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GPU_LIMIT = 16, LINE_LIMIT = 64, TEXT_LIMIT = 256 };

struct line {
    char key[TEXT_LIMIT];
    char value[TEXT_LIMIT];
    atomic_int calls; /* of the function that a fail, hang or crash is about */
};

/* The header leaves this type open: what a device handle points to. */
struct nvmlDevice_st {
    struct line lines[LINE_LIMIT];
    int line_count;
};

static struct nvmlDevice_st driver;
static struct nvmlDevice_st gpus[GPU_LIMIT];
static int gpu_count;
static double loaded_s;
static atomic_int initialised;

/* The scenario ------------------------------------------------------------------------------- */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

static void refuse(const char *why, const char *what)
{
    fprintf(stderr, "fake NVML: %s: %s\n", why, what);
    abort();
}

static void add(struct nvmlDevice_st *scope, const char *key, const char *value)
{
    if (scope->line_count == LINE_LIMIT)
        refuse("too many lines in one scope", key);
    struct line *line = &scope->lines[scope->line_count++];
    snprintf(line->key, sizeof line->key, "%s", key);
    snprintf(line->value, sizeof line->value, "%s", value);
}

static void parse_line(const char *text)
{
    char key[TEXT_LIMIT], value[TEXT_LIMIT];
    unsigned index;
    if (sscanf(text, "system %255s %255[^\n]", key, value) == 2) {
        add(&driver, key, value);
    } else if (sscanf(text, "gpu %u %255s %255[^\n]", &index, key, value) == 3) {
        if (index >= GPU_LIMIT)
            refuse("too many GPUs", text);
        if ((int)index >= gpu_count)
            gpu_count = index + 1;
        add(&gpus[index], key, value);
    } else if (text[0] != '#' && text[0] != '\n' && strncmp(text, "missing ", 8) != 0) {
        refuse("not a statement", text);
    }
}

__attribute__((constructor)) static void read_scenario(void)
{
    const char *path = getenv("RIGCHECK_TEST_NVML_SCENARIO");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file)
        refuse("no scenario", path ? path : "RIGCHECK_TEST_NVML_SCENARIO is not set");
    char text[2 * TEXT_LIMIT];
    while (fgets(text, sizeof text, file))
        parse_line(text);
    fclose(file);
    loaded_s = now_s();
}

/* Values ------------------------------------------------------------------------------------- */

static const char *find(const struct nvmlDevice_st *scope, const char *key)
{
    for (int i = scope->line_count - 1; i >= 0; i--)
        if (strcmp(scope->lines[i].key, key) == 0)
            return scope->lines[i].value;
    return NULL;
}

static nvmlReturn_t text_of(const struct nvmlDevice_st *scope, const char *key, char *out,
                            unsigned length)
{
    const char *from = find(scope, key);
    if (!from)
        return NVML_ERROR_NOT_SUPPORTED;
    unsigned n = 0;
    for (unsigned byte; *from; n++) {
        if (n + 1 >= length)
            return NVML_ERROR_INSUFFICIENT_SIZE;
        int escaped = sscanf(from, "\\x%2x", &byte) == 1;
        out[n] = escaped ? (char)byte : *from;
        from += escaped ? 4 : 1;
    }
    out[n] = '\0';
    return NVML_SUCCESS;
}

static nvmlReturn_t number_of(const struct nvmlDevice_st *scope, const char *key, double *out)
{
    const char *text = find(scope, key);
    double from, to, seconds, age_s = now_s() - loaded_s;
    if (!text)
        return NVML_ERROR_NOT_SUPPORTED;
    if (sscanf(text, "ramp %lf %lf %lf", &from, &to, &seconds) == 3)
        *out = age_s >= seconds ? to : from + (to - from) * age_s / seconds;
    else if (sscanf(text, "square %lf %lf %lf", &from, &to, &seconds) == 3)
        *out = (long)(age_s / seconds) % 2 ? to : from;
    else
        *out = strtod(text, NULL);
    return NVML_SUCCESS;
}

static nvmlReturn_t integer_of(const struct nvmlDevice_st *scope, const char *key, int *out)
{
    double number;
    nvmlReturn_t code = number_of(scope, key, &number);
    if (code == NVML_SUCCESS)
        *out = (int)number;
    return code;
}

/* What every call does first ----------------------------------------------------------------- */

static nvmlReturn_t misbehave(struct line *line, const char *function)
{
    char subject[TEXT_LIMIT];
    int code = 0, after = 0;
    int fails = strcmp(line->key, "fail") == 0;
    int known = fails ? sscanf(line->value, "%255s %d %d", subject, &code, &after)
                      : sscanf(line->value, "%255s %d", subject, &after);
    if (known < 1 || strcmp(subject, function) != 0)
        return NVML_SUCCESS;
    if (atomic_fetch_add(&line->calls, 1) < after)
        return NVML_SUCCESS;
    if (strcmp(line->key, "crash") == 0)
        raise(SIGSEGV);
    while (strcmp(line->key, "hang") == 0)
        pause();
    return code;
}

static nvmlReturn_t enter(struct nvmlDevice_st *scope, const char *function)
{
    for (int i = 0; i < scope->line_count; i++) {
        const char *key = scope->lines[i].key;
        if (strcmp(key, "fail") && strcmp(key, "hang") && strcmp(key, "crash"))
            continue;
        nvmlReturn_t code = misbehave(&scope->lines[i], function);
        if (code != NVML_SUCCESS)
            return code;
    }
    return NVML_SUCCESS;
}

#define ENTER(scope)                                        \
    do {                                                    \
        nvmlReturn_t code_ = enter((scope), __func__);      \
        if (code_ != NVML_SUCCESS)                          \
            return code_;                                   \
    } while (0)

#define ENTER_INITIALISED(scope)                            \
    do {                                                    \
        if (!initialised)                                   \
            return NVML_ERROR_UNINITIALIZED;                \
        ENTER(scope);                                       \
    } while (0)

/* The driver --------------------------------------------------------------------------------- */

nvmlReturn_t nvmlInitWithFlags(unsigned int flags)
{
    (void)flags;
    ENTER(&driver);
    initialised++;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlShutdown(void)
{
    ENTER_INITIALISED(&driver);
    initialised--;
    return NVML_SUCCESS;
}

const char *nvmlErrorString(nvmlReturn_t result)
{
    /* As NVIDIA's library of driver 535 spells them. */
    switch ((int)result) {
    case NVML_SUCCESS: return "Success";
    case NVML_ERROR_UNINITIALIZED: return "Uninitialized";
    case NVML_ERROR_INVALID_ARGUMENT: return "Invalid Argument";
    case NVML_ERROR_NOT_SUPPORTED: return "Not Supported";
    case NVML_ERROR_NO_PERMISSION: return "Insufficient Permissions";
    case NVML_ERROR_INSUFFICIENT_SIZE: return "Insufficient Size";
    case NVML_ERROR_INSUFFICIENT_POWER: return "Insufficient External Power";
    case NVML_ERROR_DRIVER_NOT_LOADED: return "Driver Not Loaded";
    case NVML_ERROR_IRQ_ISSUE: return "Interrupt Request Issue";
    case NVML_ERROR_LIBRARY_NOT_FOUND: return "NVML Shared Library Not Found";
    case NVML_ERROR_FUNCTION_NOT_FOUND: return "Function Not Found";
    case NVML_ERROR_GPU_IS_LOST: return "GPU is lost";
    case NVML_ERROR_RESET_REQUIRED: return "GPU requires reset";
    case NVML_ERROR_LIB_RM_VERSION_MISMATCH: return "Driver/library version mismatch";
    case NVML_ERROR_ARGUMENT_VERSION_MISMATCH: return "Argument version mismatch";
    default: return "Unknown Error";
    }
}

nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length)
{
    ENTER(&driver);
    if (!initialised && find(&driver, "nvml_version_needs_init"))
        return NVML_ERROR_UNINITIALIZED;
    return text_of(&driver, "nvml_version", version, length);
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length)
{
    ENTER_INITIALISED(&driver);
    return text_of(&driver, "driver_version", version, length);
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version)
{
    ENTER_INITIALISED(&driver);
    return integer_of(&driver, "cuda_version", version);
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count)
{
    ENTER_INITIALISED(&driver);
    *count = gpu_count;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device)
{
    if (index >= (unsigned)gpu_count)
        return NVML_ERROR_INVALID_ARGUMENT;
    ENTER_INITIALISED(&gpus[index]);
    *device = &gpus[index];
    return NVML_SUCCESS;
}

/* One GPU ------------------------------------------------------------------------------------ */

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length)
{
    ENTER_INITIALISED(device);
    return text_of(device, "name", name, length);
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length)
{
    ENTER_INITIALISED(device);
    return text_of(device, "uuid", uuid, length);
}

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
    double total = 0, reserved = 0, used = 0;
    nvmlReturn_t code = number_of(device, "memory_total_bytes", &total);
    if (code != NVML_SUCCESS)
        return code;
    number_of(device, "memory_reserved_bytes", &reserved);
    number_of(device, "memory_used_bytes", &used);
    memory->total = (unsigned long long)total;
    memory->reserved = (unsigned long long)reserved;
    memory->used = (unsigned long long)used;
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

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization)
{
    ENTER_INITIALISED(device);
    int percent;
    nvmlReturn_t code = integer_of(device, "utilization_percent", &percent);
    if (code == NVML_SUCCESS)
        *utilization = (nvmlUtilization_t){.gpu = percent};
    return code;
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *power)
{
    ENTER_INITIALISED(device);
    return integer_of(device, "power_mw", (int *)power);
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
