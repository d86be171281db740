/* The binary interface of an artefact: contexts, DLPack tensors, entries, errors. C11 and C++. */
#ifndef KERF_ABI_H
#define KERF_ABI_H

#include <dlpack/dlpack.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KERF_ABI_VERSION 5u

/* Every way a call can be refused. Unless KERF_OK comes back nothing has been written. */
typedef enum kerf_status {
  KERF_OK = 0,
  KERF_ERROR_ABI_VERSION = 1, /* the context's abi_version is not that of the artefact */
  KERF_ERROR_NULL = 2,        /* a null context, tensor, data or shape pointer */
  KERF_ERROR_DTYPE = 3,       /* code, bits or lanes */
  KERF_ERROR_RANK = 4,
  KERF_ERROR_SHAPE = 5,
  KERF_ERROR_STRIDE = 6,       /* neither null nor compact row-major */
  KERF_ERROR_ALIGNMENT = 7,    /* blocks and arena: 64 bytes; data: the element */
  KERF_ERROR_DEVICE = 8,       /* not kDLCPU */
  KERF_ERROR_OVERLAP = 9,      /* a written argument and another, or any and the arena */
  KERF_ERROR_ARENA = 10,       /* missing or smaller than the entry needs */
  KERF_ERROR_CPU_FEATURE = 11, /* cpuid, or the context's mask, lacks one that the code needs */
  KERF_ERROR_RESERVED = 12,    /* a reserved field of the context is not zero */
  KERF_ERROR_RANGE = 13,       /* data + byte_offset + size leaves the address space */
  KERF_ERROR_ENTRY = 14,       /* the artefact's table: too many arguments, or no body */
  KERF_ERROR_BUSY = 15,        /* another call runs in the context; its message is that call's */
  KERF_ERROR_WORKERS = 16      /* 0, more than KERF_MAX_WORKERS, or more than 1 without a pool */
} kerf_status;

/* CPU features, as bits of kerf_context.cpu_features and kerf_body.cpu_features. */
#define KERF_CPU_AVX2 (1ull << 0)
#define KERF_CPU_FMA (1ull << 1)
#define KERF_CPU_BMI2 (1ull << 2)
#define KERF_CPU_AVX512F (1ull << 3)
#define KERF_CPU_AVX512BF16 (1ull << 4)
#define KERF_CPU_AMX (1ull << 5)
#define KERF_CPU_F16C (1ull << 6)
#define KERF_CPU_LZCNT (1ull << 7)
#define KERF_CPU_MOVBE (1ull << 8)
#define KERF_CPU_BMI1 (1ull << 9)
#define KERF_CPU_AVX512BW (1ull << 10)
#define KERF_CPU_AVX512CD (1ull << 11)
#define KERF_CPU_AVX512DQ (1ull << 12)
#define KERF_CPU_AVX512VL (1ull << 13)
#define KERF_CPU_AVX512VNNI (1ull << 14)
#define KERF_CPU_ALL (~0ull)
/* What code for x86-64-v3 needs, and for x86-64-v4. */
#define KERF_CPU_X86_64_V3                                                                         \
  (KERF_CPU_AVX2 | KERF_CPU_FMA | KERF_CPU_BMI1 | KERF_CPU_BMI2 | KERF_CPU_F16C | KERF_CPU_LZCNT | \
   KERF_CPU_MOVBE)
#define KERF_CPU_X86_64_V4                                                                         \
  (KERF_CPU_X86_64_V3 | KERF_CPU_AVX512F | KERF_CPU_AVX512BW | KERF_CPU_AVX512CD |                 \
   KERF_CPU_AVX512DQ | KERF_CPU_AVX512VL)

/* More arguments than this no entry has, and no call more workers. */
#define KERF_MAX_ARGUMENTS 256u
#define KERF_MAX_WORKERS 1024u

/* A part of a call's work: task(closure, number, worker). */
typedef void (*kerf_task)(void *closure, uint64_t number, uint64_t worker);

/* Threads that tasks run on: the runtime's (kerf_pool_create), or any others behind one function.
 * It may be called from several threads at once, each with a context of its own. */
typedef struct kerf_pool {
  /* Calls task(closure, i, w) once for each i < count, in any order, with any w < workers, but no w
   * twice at the same time. Returns when all have returned, with what they wrote visible to the
   * caller. The tasks see what the caller wrote, and call no pool. It returns, always: what
   * leaves it by longjmp, an exception or the end of the thread leaves the context busy for ever.
   */
  void (*run)(struct kerf_pool *pool, uint64_t workers, uint64_t count, kerf_task task,
              void *closure);
} kerf_pool;

/* What a call runs in: kerf_context_init, then set arena and arena_bytes. One call at a time. */
typedef struct kerf_context {
  uint32_t abi_version;
  uint32_t busy;         /* the runtime's: 1 while a call runs, else 0 */
  void *arena;           /* scratch, 64-byte aligned; contents do not matter */
  uint64_t arena_bytes;  /* at least kerf_arena_bytes; <model>_arena_bytes serves all entries */
  uint64_t cpu_features; /* mask of what the call may use; KERF_CPU_ALL for all that is there */
  kerf_pool *pool;       /* what `workers` threads come from; may be null where that is 1 */
  void *stream;          /* device stream; must be null in this version */
  DLDevice device;       /* {kDLCPU, 0} */
  uint64_t workers;      /* that share a call, the caller among them: 1 to KERF_MAX_WORKERS */
  uint64_t reserved[7];
  char message[512]; /* after a refusal: which argument, and what is wrong with the numbers */
} kerf_context;

/* How an entry uses an argument. */
typedef enum kerf_access { KERF_READ = 1, KERF_WRITE = 2, KERF_READ_WRITE = 3 } kerf_access;

typedef struct kerf_argument {
  const char *name;  /* the role of a block, or the name of a data argument or result */
  uint32_t is_block; /* 1: uint8, one axis of `bytes`, 64-byte aligned */
  uint32_t access;   /* kerf_access */
  DLDataType dtype;
  int32_t rank;
  const int64_t *shape; /* of an open one that of the most rows */
  uint64_t bytes;
  uint64_t per_row; /* 0: the shape is fixed; else axis 0 has so many for each row of the call */
} kerf_argument;

/* One tensor inside a block. The names are those of PyTorch's state_dict. */
typedef struct kerf_leaf {
  const char *name;
  DLDataType dtype;
  int32_t rank;
  const int64_t *shape;
  uint64_t offset; /* bytes from the block's start, a multiple of 64 */
  uint64_t bytes;  /* of the elements, padding not counted */
} kerf_leaf;

/* A role: all tensors of one kind in one 64-byte-aligned block. */
typedef struct kerf_block {
  const char *name; /* "params" */
  uint64_t bytes;
  uint32_t num_leaves;
  const kerf_leaf *leaves; /* by ascending offset */
} kerf_block;

/* What a body is given of the call that it does. The runtime's, for as long as the call lasts. */
typedef struct kerf_call {
  void *const *data;           /* data[i]: first byte of argument i */
  void *arena;                 /* what all workers share */
  void *own;                   /* behind it: worker w's own memory begins at own + w * own_bytes */
  uint64_t own_bytes;          /* the entry's worker_bytes */
  uint64_t workers;            /* at least 1 */
  const kerf_context *context; /* pool and stream */
  int64_t rows;                /* of an open entry; else 0 */
} kerf_call;

/* The code of an entry, for machines that have all of these features. */
typedef struct kerf_body {
  uint64_t cpu_features;
  const char *target; /* that it was compiled for: "x86-64-v3" */
  void (*run)(const kerf_call *call);
} kerf_body;

/* An entry point as the artefact describes it; the table behind every exported function. */
typedef struct kerf_entry {
  uint32_t abi_version;
  uint32_t num_arguments;
  const char *name; /* "<model>_<entry>" */
  const kerf_argument *arguments;
  uint64_t arena_bytes;  /* shared by the workers, a multiple of 64 */
  uint64_t worker_bytes; /* each worker's own beside it, a multiple of 64 */
  uint64_t num_bodies;
  const kerf_body *bodies; /* the best first: a call takes the first that it may */
  uint64_t most_rows;      /* a call has at most so many, as arguments show; 0: no dim is open */
  uint64_t least_rows;     /* and at least so many: 1 where nothing needs more */
} kerf_entry;

/* Makes `context` ready: version, device, all CPU features; no arena. */
void kerf_context_init(kerf_context *context);
/* The features that cpuid and the operating system offer, as KERF_CPU_ bits. */
uint64_t kerf_cpu_features(void);
/* "avx2" and so on for the feature 1 << bit; null if it has no name. */
const char *kerf_cpu_feature_name(unsigned bit);
/* The body that runs on this machine in contexts whose mask is `cpu_features`: the first of the
 * entry's bodies that needs no other feature. Null if there is none. */
const kerf_body *kerf_choose_body(const kerf_entry *entry, uint64_t cpu_features);
/* The arena that a call of `entry` by so many workers needs; UINT64_MAX if that is more than a
 * number holds, or the entry is null or of another ABI version. */
uint64_t kerf_arena_bytes(const kerf_entry *entry, uint64_t workers);
/* "KERF_ERROR_SHAPE" and so on; never null. */
const char *kerf_status_name(kerf_status status);
/* The CPUs that this process may keep busy, by its affinity mask and the quotas of its cgroups: 1
 * to KERF_MAX_WORKERS. */
uint64_t kerf_available_workers(void);
/* The runtime's pool: workers - 1 threads, named "kerf/1" and so on, and who calls. They wait awake
 * for some hundred microseconds, then asleep; where there are more workers than
 * kerf_available_workers, asleep at once. Null where `workers` is not 1 to KERF_MAX_WORKERS, or the
 * system gives no thread or memory: errno says which. Contexts may share a pool, from several
 * threads too. While its threads do tasks of one call, the others, and calls made by tasks, run on
 * their callers alone. A forked child has no threads: there calls run on the caller alone. A task
 * that forks must not return in the child, which aborts. */
kerf_pool *kerf_pool_create(uint64_t workers);
/* Waits for calls that use the pool, then ends its threads. Called from one of its tasks, it says
 * so and aborts. Null is fine. */
void kerf_pool_destroy(kerf_pool *pool);
/* Runs tasks, on the caller alone where the call has one worker or there is one task: what bodies
 * call. Which numbers there are does not depend on the workers. */
void kerf_run_tasks(const kerf_call *call, uint64_t count, kerf_task task, void *closure);
/* Checks everything, then runs the entry: what exported functions call. Its code rounds to nearest,
 * keeps subnormals and traps no float, on every thread; the caller's own settings are there again
 * afterwards. */
kerf_status kerf_invoke(const kerf_entry *entry, kerf_context *context, DLTensor *const *arguments);

#ifdef __cplusplus
}
#endif
#endif
