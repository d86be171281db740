#include "codegen/artefact/names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;

namespace kerf::codegen {

// ---- words that are taken --------------------------------------------------------------------

static bool isUpperLetter(char c) { return c >= 'A' && c <= 'Z'; }

static StringSet<> setOf(StringRef words) {
  SmallVector<StringRef> list;
  words.split(list, ' ', -1, /*KeepEmpty=*/false);
  StringSet<> set;
  for (StringRef word : list)
    set.insert(word);
  return set;
}

static bool isKeyword(StringRef name) {
  static const StringSet<> words = setOf(
      "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t "
      "char16_t char32_t class co_await co_return co_yield compl concept const const_cast "
      "consteval constexpr constinit continue decltype default delete do double dynamic_cast "
      "else enum explicit export extern false float for friend goto if inline int long mutable "
      "namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
      "register reinterpret_cast requires restrict return short signed sizeof static "
      "static_assert static_cast struct switch template this thread_local throw true try typedef "
      "typeid typename typeof union unsigned using virtual void volatile wchar_t while xor xor_eq");
  return words.contains(name);
}

/// Macros of the headers of ISO C, and those that compilers define without being asked.
static bool isMacro(StringRef name) {
  static const StringSet<> words = setOf(
      "BUFSIZ CLOCKS_PER_SEC CMPLX CMPLXF CMPLXL EOF EXIT_FAILURE EXIT_SUCCESS HUGE_VAL HUGE_VALF "
      "HUGE_VALL INFINITY L_tmpnam MATH_ERREXCEPT MATH_ERRNO MB_CUR_MAX NAN NULL SEEK_CUR SEEK_END "
      "SEEK_SET TIME_UTC WEOF alloca assert complex errno fpclassify i386 isfinite isgreater "
      "isgreaterequal isinf isless islessequal islessgreater isnan isnormal isunordered linux "
      "makedev major math_errhandling minor offsetof setjmp signbit stderr stdin stdout strdupa "
      "strndupa unix va_arg va_copy va_end va_start");
  if (words.contains(name))
    return true;
  if (name.ends_with("_"))
    return false;
  const bool isUpper =
      all_of(name, [](char c) { return isUpperLetter(c) || isDigit(c) || c == '_'; });
  if (!isUpper || name.size() < 3)
    return false;
  static constexpr StringRef starts[] = {"E",   "SIG", "FE_", "FLT_", "DBL_",  "LDBL_",  "LC_",
                                         "FP_", "PRI", "SCN", "M_",   "KERF_", "DLPACK_"};
  static constexpr StringRef ends[] = {"_MAX", "_MIN", "_WIDTH", "_C", "_DIG", "_INIT"};
  return any_of(starts, [&](StringRef start) { return name.starts_with(start); }) ||
         any_of(ends, [&](StringRef end) { return name.ends_with(end); });
}

/// Headers of C, POSIX, Linux and the runtime, which <name>.h would stand before.
static bool isHeader(StringRef name) {
  static const StringSet<> words = setOf(
      "abi aio aliases alloca ar argp argz assert atomic_file byteswap complex cpio cpuid crypt "
      "ctype dirent "
      "dlfcn elf endian envz err errno error execinfo fcntl features fenv float fmtmsg fnmatch "
      "fpu_control fstab fts ftw gconv getopt glob grp gshadow iconv ifaddrs immintrin inttypes "
      "iso646 kerf_runtime langinfo lastlog libgen libintl limits link locale malloc math mcheck "
      "memory mm_malloc mntent monetary mqueue netdb nl_types nss obstack paths poll printf "
      "proc_service pthread pty pwd re_comp regex regexp resolv safetensors safetensors_detail "
      "sched search semaphore setjmp sgtty shadow signal spawn stab stdalign stdarg stdatomic "
      "stdbool stdckdint stddef stdint stdio stdio_ext stdlib stdnoreturn string strings syscall "
      "sysexits syslog tar termio termios tgmath thread_db threads time ttyent uchar ucontext "
      "ulimit unistd unwind utime utmp utmpx values varargs wait wchar wctype wordexp x86intrin");
  return words.contains(name);
}

/// What the headers of C and POSIX declare in the global namespace, and what every program has
/// there.
static bool isGlobal(StringRef name) {
  static const StringSet<> words = setOf(
      "DIR FILE a64l abort abs accept access acct acos acosh adjtime alarm aligned_alloc alphasort "
      "arc4random asctime asin asinh asprintf at_quick_exit atan atan2 atanh atexit atof atoi atol "
      "atoll basename bcmp bcopy bind brk bsearch btowc bzero cabs cacos cacosh calloc "
      "canonicalize "
      "carg casin casinh catan catanh cbrt ccos ccosh ceil cexp chdir chmod chown chroot cimag "
      "clearenv clearerr clock clog clone close closedir closefrom confstr conj connect copysign "
      "cos "
      "cosh cpow cproj creal creat crypt csin csinh csqrt ctan ctanh ctermid ctime daemon daylight "
      "difftime dirent dirfd div dladdr dlclose dlerror dlopen dlsym dprintf drand48 drem dup dup2 "
      "dup3 duplocale eaccess ecvt environ erand48 erf erfc error execl execle execlp execv execve "
      "execvp exit exp exp10 exp2 expm1 fabs faccessat fadd fallocate fchdir fchmod fchown fclose "
      "fcntl fcvt fdatasync fdim fdiv fdopen feclearexcept fegetround feof feraiseexcept ferror "
      "fesetround fetestexcept fexecve fflush ffma ffs fgetc fgetpos fgets fgetwc fgetws fileno "
      "finite flock flockfile floor fma fmax fmemopen fmin fmod fmul fopen fork fpathconf fprintf "
      "fputc fputs fputwc fputws fread free freelocale freopen frexp fromfp fscanf fseek fseeko "
      "fsetpos fsqrt fstat fsub fsync ftell ftello ftruncate funlockfile fwide fwprintf fwrite "
      "fwscanf gamma gcvt getc getchar getcwd getdate getdelim getegid getenv geteuid getgid "
      "gethostname "
      "getline getlogin getopt getpass getpid getppid gets getsid getsockopt getuid getw getwc "
      "gmtime "
      "gsignal hypot ilogb imaxabs imaxdiv index initstate iovec isalnum isalpha isascii isatty "
      "isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit itimerval "
      "j0 "
      "j1 jn jmp_buf jrand48 kill killpg l64a labs lchown lcong48 lconv ldexp ldiv lgamma linger "
      "link "
      "listen llabs lldiv llrint llround localeconv localtime lockf log log10 log1p log2 logb "
      "longjmp lrand48 lrint lround lseek lstat madvise main malloc mblen mbrlen mbrtowc mbsinit "
      "mbsrtowcs mbstowcs mbtowc memccpy memchr memcmp memcpy memmem memmove mempcpy memset "
      "mincore "
      "mkdir mkdtemp mkfifo mknod mkstemp mktemp mktime mlock mlockall mmap modf mprotect mrand48 "
      "mremap msghdr msync munlock munlockall munmap nan nanosleep nearbyint newlocale nextafter "
      "nexttoward nice nrand48 open openat opendir optarg opterr optind optopt pathconf pause "
      "pclose "
      "perror pipe poll pollfd popen pow pread printf profil pselect psignal ptsname putc putchar "
      "putenv puts putw putwc pwrite qsort quick_exit raise rand random read readahead readdir "
      "readlink realloc reallocarray realpath recv recvfrom recvmsg remainder remove remquo rename "
      "rewind rewinddir rindex rint rmdir round roundeven rusage sbrk scalb scalbln scalbn scandir "
      "scanf seed48 seekdir select send sendmsg sendto setbuf setenv setgid setlocale setsid "
      "setsockopt setstate setuid setvbuf shutdown sigaction sigevent siginfo siglongjmp signal "
      "signgam sigqueue sigset sigval sigwait sin sincos sinh sleep snprintf sockaddr socket "
      "socketpair splice sprintf sqrt srand srand48 srandom sscanf stat statx stpcpy stpncpy "
      "strcasecmp strcat strchr strcmp strcoll strcpy strcspn strdup strerror strftime strlen "
      "strncat strncmp strncpy strndup strnlen strpbrk strptime strrchr strsep strsignal strspn "
      "strstr strtod strtof strtok strtol strtold strtoll strtoul strtoull strxfrm swab swprintf "
      "swscanf symlink sync syncfs syscall sysconf system tan tanh tee telldir tempnam tgamma time "
      "timegm timespec timeval timex timezone tm tmpfile tmpnam toascii tolower toupper trunc "
      "truncate ttyname tzname tzset u_char u_int u_long u_short ucred uint ulong umask ungetc "
      "ungetwc unlink unsetenv unshare uselocale ushort usleep utimes va_list valloc vasprintf "
      "vfork vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf vwprintf wait waitid "
      "waitpid "
      "wcscat wcschr wcscmp wcscpy wcslen wcstod wcstok wcstol wctob wctomb wctrans wctype wcwidth "
      "wmemchr wmemcmp wmemcpy wmemset wprintf write wscanf y0 y1 yn");
  static constexpr StringRef starts[] = {"pthread_", "posix_", "sched_", "sem_", "DL", "kerf_"};
  static constexpr StringRef ends[] = {"f", "l", "_r", "64"}; // sinf, sinl, rand_r, stat64
  return words.contains(name) || name.ends_with("_t") ||
         any_of(starts, [&](StringRef start) { return name.starts_with(start); }) ||
         any_of(ends, [&](StringRef end) {
           return name.size() > end.size() + 2 && name.ends_with(end) &&
                  words.contains(name.drop_back(end.size()));
         });
}

// ---- what a name becomes ---------------------------------------------------------------------

bool isIdentifier(StringRef name) {
  return !name.empty() && (isAlpha(name.front()) || name.front() == '_') &&
         all_of(name, [](char c) { return isAlnum(c) || c == '_'; });
}

/// Left to the implementation by C and C++, whose own macros have such names.
static bool isReserved(StringRef name) {
  return name.starts_with("__") || (name.size() > 1 && name[0] == '_' && isUpperLetter(name[1]));
}

std::string toIdentifier(StringRef name, const StringSet<> *macros) {
  std::string text = name.empty() ? "value" : name.str();
  for (char &c : text)
    if (!isAlnum(c) && c != '_')
      c = '_';
  if (isDigit(text.front()))
    text = "_" + text;
  if (isReserved(text)) // __FILE__
    text += "_";
  while (isKeyword(text) || isMacro(text) || (macros && macros->contains(text)))
    text += "_";
  return text;
}

/// "train_step" => "TrainStep".
static std::string toType(StringRef name) {
  std::string text;
  bool isStart = true;
  for (char c : name) {
    if (isAlnum(c))
      text += isStart ? toUpper(c) : c;
    isStart = !isAlnum(c);
  }
  return text;
}

std::string typeName(StringRef role) { return toIdentifier(toType(role)); }
std::string resultsType(const Entry &entry) { return typeName(entry.name + "_results"); }
std::string viewType(const Entry &entry, const Argument &argument) {
  return typeName(entry.name + "_" + argument.name);
}

std::string leastRowsName(const Entry &entry) { return toIdentifier(entry.name + "_least_rows"); }
std::string mostRowsName(const Entry &entry) { return toIdentifier(entry.name + "_most_rows"); }

StringSet<> typesOf(const Entry &entry) {
  StringSet<> types;
  types.insert(resultsType(entry));
  for (const Argument &argument : entry.arguments)
    types.insert(argument.isBlock ? typeName(argument.name) : viewType(entry, argument));
  return types;
}

/// Calls `body(name, what)` for the macros of a model.
static void forEachMacro(const Interface &model,
                         function_ref<void(const std::string &, const Twine &)> body) {
  body(model.model + "_training_hash", "the hash of the entries that train");
  for (const Argument &block : model.blocks)
    body(model.model + "_" + block.name + "_bytes", "the size of role '" + Twine(block.name) + "'");
  for (const Constant &constant : model.constants)
    body(model.model + "_" + constant.name, "the constant '" + Twine(constant.name) + "'");
}

StringSet<> macrosOf(const Interface &model) {
  StringSet<> macros;
  forEachMacro(model, [&](const std::string &name, const Twine &) { macros.insert(name); });
  return macros;
}

// ---- checks ----------------------------------------------------------------------------------

static constexpr size_t max_length = 200; ///< of a name, and of a path's parts
static constexpr size_t max_depth = 64; ///< of a path: compilers take 256 braces inside each other

/// Shown in a message: control characters, which could be anything on a screen, are not.
static std::string shown(StringRef name) {
  std::string text;
  for (char c : name.take_front(60))
    text += isPrint(c) ? c : '?';
  return "'" + text + (name.size() > 60 ? "...'" : "'");
}

std::string complaintOfModelName(StringRef name) {
  const std::string head = "a model cannot be named " + shown(name) + ": ";
  if (!isIdentifier(name) || name.size() > max_length)
    return head +
           "its name becomes a C++ namespace; use letters, digits and _ after a letter, at "
           "most " +
           std::to_string(max_length);
  if (isKeyword(name))
    return head + "that is a reserved word, and its name becomes a C++ namespace";
  if (name.front() == '_' || name.contains("__"))
    return head + "names that begin with _ or have __ are reserved in C++";
  if (name == "kerf" || name == "std" || name == "posix")
    return head + "there is such a namespace already";
  if (isMacro(name))
    return head + "that is a macro of C's headers";
  if (isHeader(name))
    return head + "there is a header <" + name.str() +
           ".h>, and programs would find the model's in its place";
  if (isGlobal(name))
    return head + "C's headers declare that name, and the model's becomes a C++ namespace";
  return "";
}

namespace {

/// Names of one scope, and what each belongs to.
class Scope {
public:
  explicit Scope(const Interface &model) : model(model) {}

  Error claim(const std::string &name, const Twine &what) {
    auto [known, isNew] = owners.insert({name, what.str()});
    if (isNew)
      return Error::success();
    return createStringError("model " + model.model + " has two things named '" + name +
                             "': " + known->second + " and " + what.str() + "; name them apart");
  }

private:
  const Interface &model;
  StringMap<std::string> owners;
};

} // namespace

static Error checkIdentifier(const Twine &what, StringRef name) {
  if (isIdentifier(name) && name.size() <= max_length)
    return Error::success();
  return createStringError(
      what + " " + shown(name) +
      " has no name in C++: use letters, digits and _ after a letter, at most " +
      Twine(max_length));
}

/// Of a leaf, an argument or a result: parts between dots.
static Error checkPath(const Twine &what, StringRef path) {
  SmallVector<StringRef> parts;
  path.split(parts, '.');
  if (parts.size() > max_depth)
    return createStringError(what + " " + shown(path) + " lies " + Twine(parts.size()) +
                             " groups deep; " + Twine(max_depth) + " are the most");
  for (StringRef part : parts)
    if (part.empty() || part.size() > max_length ||
        !all_of(part, [](char c) { return isAlnum(c) || c == '_'; }))
      return createStringError(what + " " + shown(path) +
                               " has no name in C++: use letters, digits and _, at most " +
                               Twine(max_length) + " between dots");
  return Error::success();
}

/// Every name by itself.
static Error checkEach(const Interface &model) {
  if (std::string complaint = complaintOfModelName(model.model); !complaint.empty())
    return createStringError(complaint);
  for (const Constant &constant : model.constants)
    if (Error error = checkIdentifier("the constant", constant.name))
      return error;
  for (const Argument &block : model.blocks) {
    if (Error error = checkIdentifier("the role", block.name))
      return error;
    for (const BlockLeaf &leaf : block.leaves)
      if (Error error = checkPath("role " + block.name + ": the tensor", leaf.name))
        return error;
  }
  for (const Entry &entry : model.entries) {
    if (Error error = checkIdentifier("the entry", entry.name))
      return error;
    for (const Argument &argument : entry.arguments)
      if (!argument.isBlock)
        if (Error error = checkPath("entry " + entry.name + ": the argument", argument.name))
          return error;
  }
  return Error::success();
}

/// In C: macros, functions, tables.
static Error checkGlobals(const Interface &model) {
  Scope scope(model);
  Error error = Error::success();
  auto claim = [&](const std::string &name, const Twine &what) {
    if (!error)
      error = scope.claim(name, what);
  };
  claim(model.model + "_arena_bytes", "the size of the arena");
  forEachMacro(model, claim);
  for (const Argument &block : model.blocks)
    claim(model.model + "_" + block.name + "_block",
          "the table of role '" + Twine(block.name) + "'");
  for (const Entry &entry : model.entries) {
    claim(model.symbol(entry) + "_arena_bytes", "the arena of entry '" + Twine(entry.name) + "'");
    claim(model.symbol(entry), "the entry '" + Twine(entry.name) + "'");
    claim(model.symbol(entry) + "_descriptor", "the table of entry '" + Twine(entry.name) + "'");
  }
  return error;
}

/// In the model's namespace. Macros are no names there either.
static Error checkNamespace(const Interface &model) {
  Scope scope(model);
  Error error = Error::success();
  auto claim = [&](const std::string &name, const Twine &what) {
    if (!error)
      error = scope.claim(name, what);
  };
  forEachMacro(model, claim);
  claim("arena_bytes", "the size of the arena");
  claim("entries", "the table of entries");
  claim("training_hash", "the hash of the entries that train");
  for (const Constant &constant : model.constants)
    claim(toIdentifier(constant.name), "the constant '" + Twine(constant.name) + "'");
  for (const Argument &block : model.blocks) {
    claim(typeName(block.name), "the struct of role '" + Twine(block.name) + "'");
    claim(typeName(block.name) + "Tensors", "the tensors of role '" + Twine(block.name) + "'");
  }
  for (const Entry &entry : model.entries) {
    claim(toIdentifier(entry.name), "the entry '" + Twine(entry.name) + "'");
    if (entry.mostRows)
      for (const std::string &name : {leastRowsName(entry), mostRowsName(entry)})
        claim(name, "the rows of entry '" + Twine(entry.name) + "'");
    claim(resultsType(entry), "the results of entry '" + Twine(entry.name) + "'");
    for (const Argument &argument : entry.arguments)
      if (!argument.isBlock)
        claim(viewType(entry, argument),
              "the type of '" + Twine(argument.name) + "' of entry '" + entry.name + "'");
  }
  return error;
}

Error checkNames(const Interface &model) {
  if (Error error = checkEach(model))
    return error;
  if (Error error = checkGlobals(model))
    return error;
  return checkNamespace(model);
}

} // namespace kerf::codegen
