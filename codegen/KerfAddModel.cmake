# kerf_add_model(<name> SOURCES <file...> [TARGETS <target>...] [DIMS [<entry>.]<dim>=<n> | [<entry>.]<dim><=<n> ...]
#                [DATA <file...>] [MAX_ARENA <bytes>])
#
# Compiles the model `kerf::model<"<name>">` that the sources define, and makes the library target <name>. What links
# it includes <name>.h (in angle brackets, where the model unit has a header of that name beside it) and gets the
# compiled model and the Kerf runtime, and neither LLVM nor anything else.
#
#   SOURCES  the model unit; it is compiled at -O0 by the project's C++ compiler, and run once to generate the model
#   TARGETS  what the code is for: x86-64-v3 (AVX2 and FMA), x86-64-v4 (AVX-512); if not given, all of them. A call runs
#            the best that the machine has instructions for; the bits are the same, but which NaN a NaN is
#   DIMS     other values for named dims than the unit's own: B=16 in every entry that has a B, train_step.B=16 in one;
#            B<=16 and train_step.B<=16 leave it open: a call has up to 16 rows
#   DATA     files that the unit reads when it is run (constant_from_file): the model is made again when one changes
#   MAX_ARENA  bytes of scratch memory that an entry may need, as 40GiB: more is refused; without it a warning from 16 GiB
#
# Beside <name> there are <name>_generator, the program that generates the model (see its --help), and <name>_artefact,
# which is built with `all` and makes the files under <binary dir>/kerf/<name>: <name>.h, lib<name>.a, <name>.o, the manifest <name>.json, and
# <name>.mlir, which kerf-compile, kerf-opt and kerf-run read.
function(kerf_add_model name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MAX_ARENA" "SOURCES;TARGETS;DIMS;DATA")
  set(usage "kerf_add_model(<name> SOURCES <file...> [TARGETS <target>...] [DIMS [<entry>.]<dim>=<n>...] [DATA <file...>] [MAX_ARENA <bytes>])")
  if(NOT name MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
    message(FATAL_ERROR "kerf_add_model: '${name}' is no name for a model: it becomes a C++ namespace, so use letters, "
                        "digits and _ after a letter\n  ${usage}")
  elseif(name MATCHES "^(SOURCES|TARGETS|DIMS|DATA)$")
    message(FATAL_ERROR "kerf_add_model: the model's name is missing before ${name}\n  ${usage}")
  elseif(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "kerf_add_model(${name}): there is no argument '${arg_UNPARSED_ARGUMENTS}'\n  ${usage}")
  elseif(arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "kerf_add_model(${name}): nothing stands behind ${arg_KEYWORDS_MISSING_VALUES}\n  ${usage}")
  elseif(NOT arg_SOURCES)
    message(FATAL_ERROR "kerf_add_model(${name}): SOURCES is missing: the file that defines the model\n  ${usage}")
  elseif(TARGET ${name})
    message(FATAL_ERROR "kerf_add_model(${name}): there is a target ${name} already; a program around the model needs "
                        "another target name (its OUTPUT_NAME may be ${name})")
  endif()
  set(targets "")
  set(for_targets "")
  foreach(target IN LISTS arg_TARGETS)
    list(APPEND targets --target ${target})
  endforeach()
  if(targets)
    list(JOIN arg_TARGETS " and " for_targets)
    string(PREPEND for_targets " for ")
  endif()
  set(dims "")
  foreach(dim IN LISTS arg_DIMS)
    if(NOT dim MATCHES "^([A-Za-z_][A-Za-z0-9_]*\\.)?[A-Za-z_][A-Za-z0-9_]*<?=[1-9][0-9]*$")
      message(FATAL_ERROR "kerf_add_model(${name}): DIMS has '${dim}', want [<entry>.]<dim>=<n>, or with <= in place of = "
                          "a dim that is open")
    endif()
    list(APPEND dims --dim ${dim})
  endforeach()
  set(data "")
  foreach(file IN LISTS arg_DATA)
    cmake_path(ABSOLUTE_PATH file)
    list(APPEND data ${file})
  endforeach()
  set(max_arena "")
  if(arg_MAX_ARENA)
    set(max_arena --max-arena ${arg_MAX_ARENA})
  endif()

  # Only the Builder's vtable crosses to the compiler library, so the unit sees no header of it.
  add_executable(${name}_generator EXCLUDE_FROM_ALL ${arg_SOURCES})
  # g++'s -Wextra would have Module's initializer, too, in `nn::LayerNorm<64> norm{.epsilon = 1e-6};`.
  # A let that nothing reads is a step that was forgotten.
  target_compile_options(${name}_generator PRIVATE
    -O0 -Wno-missing-field-initializers -Wunused-variable -Wunused-but-set-variable
    -Wno-unused-const-variable)
  target_link_libraries(${name}_generator PRIVATE Kerf::dsl $<LINK_ONLY:Kerf::generator>)

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/kerf/${name})
  file(MAKE_DIRECTORY ${folder})
  set(files ${folder}/${name}.h ${folder}/lib${name}.a ${folder}/${name}.o ${folder}/${name}.json ${folder}/${name}.fusion.json ${folder}/${name}.mlir)
  add_custom_command(OUTPUT ${files}
    COMMAND ${name}_generator --model ${name} --output-dir ${folder} --source-root ${CMAKE_SOURCE_DIR}
            ${targets} ${dims} ${max_arena}
    DEPENDS ${name}_generator ${data}
    COMMENT "Compiling the model ${name}${for_targets}"
    VERBATIM)
  add_custom_target(${name}_artefact ALL DEPENDS ${files})

  add_library(${name} STATIC IMPORTED GLOBAL)
  add_dependencies(${name} ${name}_artefact)
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION ${folder}/lib${name}.a
    IMPORTED_LINK_INTERFACE_LANGUAGES C
    INTERFACE_INCLUDE_DIRECTORIES ${folder}
    INTERFACE_LINK_LIBRARIES Kerf::runtime)
endfunction()
