/* A libnvidia-ml.so.1 that does what a scenario file says: values, errors, hangs and crashes.
 *
 * The file is named by the environment variable RIGCHECK_TEST_NVML_SCENARIO. One line, one statement:
 *
 *     # a comment
 *     system KEY VALUE          of the driver
 *     gpu N KEY VALUE           of GPU N, counted from 0; the highest N decides how many there are
 *     gpu N-M KEY VALUE         of each of these; {N} in VALUE becomes its number
 *     mig N I KEY VALUE         of MIG instance I of GPU N; an I without a line is an empty slot
 *     pair N M KEY VALUE        of the two GPUs N < M; keys: ancestor p2p_read p2p_write
 *                              p2p_nvlink
 *     pairs KEY VALUE           of each two of the GPUs that stand above
 *     SCOPE fail FUNCTION CODE [AFTER]     SCOPE is one of the above; CODE is an nvmlReturn_t and
 *     SCOPE hang FUNCTION [AFTER]          FUNCTION `*` is every one. AFTER `3`: three calls go
 *     SCOPE crash FUNCTION [AFTER]         well first; AFTER `3s`: three seconds go well first
 *     missing FUNCTION          not for us: the library is built without this function
 *     include NAME              not for us: the fixture puts the lines of another scenario here
 *
 * What has no line is NVML_ERROR_NOT_SUPPORTED; the keys stand beside the functions. Of two lines
 * for one key the later counts, but for `process`, `nvlink` and `xid`, which are lists. Text may
 * hold \xNN for any byte. A number stands still (`450`) or moves with the seconds since the library
 * was loaded: `ramp FROM TO SECONDS` goes there once and stays, `square LOW HIGH SECONDS` stays so
 * long at each, `burst LOW HIGH EVERY SECONDS` is HIGH for so long at the end of each EVERY seconds,
 * `step BEFORE AFTER SECONDS` changes once.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#define NVML_NO_UNVERSIONED_FUNC_DEFS /* we define the names that are in the symbol table */
#include <nvml.h>

#include <stdatomic.h>

enum { GPU_LIMIT = 16, MIG_LIMIT = 8, TEXT_LIMIT = 256 };

struct line {
    char key[TEXT_LIMIT];
    char value[TEXT_LIMIT];
    atomic_int calls; /* of the function that a fail, hang or crash is about */
};

/* The header leaves this type open: what a device handle points to. */
struct nvmlDevice_st {
    struct line *lines;
    unsigned *hashes; /* of the lines' keys: the library must not cost what is measured with it */
    int line_count;
    int misdeed_count; /* of the lines that are a fail, hang or crash */
    int is_there;
};

extern struct nvmlDevice_st driver;
extern struct nvmlDevice_st gpus[GPU_LIMIT];
extern struct nvmlDevice_st migs[GPU_LIMIT][MIG_LIMIT];
extern struct nvmlDevice_st pairs[GPU_LIMIT][GPU_LIMIT];
extern int gpu_count;
extern atomic_int initialised;

/* Seconds since the library was loaded. */
double age_s(void);

/* The last line with this key, NULL without one. */
const char *find(const struct nvmlDevice_st *scope, const char *key);

/* These give NVML_ERROR_NOT_SUPPORTED where the key has no line. */
nvmlReturn_t text_of(const struct nvmlDevice_st *scope, const char *key, char *out, unsigned length);
nvmlReturn_t number_of(const struct nvmlDevice_st *scope, const char *key, double *out);
nvmlReturn_t integer_of(const struct nvmlDevice_st *scope, const char *key, int *out);
nvmlReturn_t whole_of(const struct nvmlDevice_st *scope, const char *key, unsigned long long *out);

/* Does what the scenario holds against this function; NVML_SUCCESS where it holds nothing. */
nvmlReturn_t enter(struct nvmlDevice_st *scope, const char *function);

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

/* A function of one GPU that tells one number. */
#define TELLS(function, key, type)                              \
    nvmlReturn_t function(nvmlDevice_t device, type *out)       \
    {                                                           \
        ENTER_INITIALISED(device);                              \
        unsigned long long number;                              \
        nvmlReturn_t code = whole_of(device, (key), &number);   \
        if (code == NVML_SUCCESS)                               \
            *out = (type)number;                                \
        return code;                                            \
    }

/* A function of one GPU that tells one text. */
#define TELLS_TEXT(function, key)                                                   \
    nvmlReturn_t function(nvmlDevice_t device, char *out, unsigned int length)      \
    {                                                                               \
        ENTER_INITIALISED(device);                                                  \
        return text_of(device, (key), out, length);                                 \
    }

#endif
