# SPDX-License-Identifier: GPL-2.0-or-later
# Compiler settings and the few helpers that every folder's CMakeLists.txt uses.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# ccache, where it is installed: base_dir makes build folders and clones share what they compiled.
find_program(FAILBACK_CCACHE ccache)
if(FAILBACK_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=time_macros,include_file_mtime,include_file_ctime "${FAILBACK_CCACHE}")
endif()

# One sanitizer set per build: "address,undefined" or "thread" (see CMakePresets.json).
set(FAILBACK_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")
option(FAILBACK_COVERAGE "Measure line coverage" OFF)
option(FAILBACK_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
if(FAILBACK_SANITIZE)
  add_compile_options(-fsanitize=${FAILBACK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FAILBACK_SANITIZE})
endif()
# Called in a folder whose code the fuzzers search. Only there: what guides a fuzzer costs a tenth of the time to compile.
macro(failback_fuzzed_folder)
  if(FAILBACK_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
endmacro()
if(FAILBACK_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.74 REQUIRED)

# Some sources of a target are compiled as one: what they include, and the templates that they share, cost most of a build.
# So names in their anonymous namespaces must differ; a clash is an error of the compiler. Without it each source is seen
# alone: by clang-tidy, and where one file is changed again and again. (CMake's own unity builds name sources by absolute
# paths, so that clones could not share what ccache keeps.)
option(FAILBACK_UNITY "Compile some sources of a target together" ON)

# Our own code is compiled with these; generated code is not ours and is compiled without.
add_library(failback_warnings INTERFACE)
target_compile_options(
  failback_warnings
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
            -Woverloaded-virtual -Wcast-align -Wunused -Wformat=2 -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND FAILBACK_SANITIZE)
  # GCC 12's flow warnings misfire on instrumented standard-library code.
  target_compile_options(failback_warnings INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Warnings are errors by the compiler of the release build. Clang, of the sanitizers, sees other things in them.
  target_compile_options(failback_warnings INTERFACE -Werror)
  # GCC 12 reports false overlaps inside std::string operator+ (PR105329).
  target_compile_options(failback_warnings INTERFACE -Wno-restrict)
  if(FAILBACK_UNITY)
    # It is about headers, and takes a source that another one includes for such.
    target_compile_options(failback_warnings INTERFACE -Wno-subobject-linkage)
  endif()
endif()

# Tests are compiled once and run for seconds: what an optimizer would spend on them is most of a build's time.
add_library(failback_test_options INTERFACE)
target_compile_options(failback_test_options INTERFACE -O0)

set(FAILBACK_BATCH 8)

# failback_batches(OUT NAME a.cpp ...): what to compile for the target NAME. Generated sources, and those with the property
# SKIP_UNITY_BUILD_INCLUSION, stay alone.
function(failback_batches out name)
  if(NOT FAILBACK_UNITY)
    set(${out} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  file(RELATIVE_PATH folder "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set(alone "")
  set(together "")
  foreach(source ${ARGN})
    get_source_file_property(skipped "${source}" SKIP_UNITY_BUILD_INCLUSION)
    if(IS_ABSOLUTE "${source}" OR source MATCHES "^\\$<" OR skipped)
      list(APPEND alone "${source}")
    else()
      list(APPEND together "#include \"${folder}/${source}\"\n")
    endif()
  endforeach()
  list(LENGTH together count)
  set(first 0)
  while(first LESS count)
    list(SUBLIST together ${first} ${FAILBACK_BATCH} lines)
    list(JOIN lines "" lines)
    set(batch "${CMAKE_CURRENT_BINARY_DIR}/${name}_${first}.cpp")
    file(CONFIGURE OUTPUT "${batch}" CONTENT "${lines}" @ONLY)
    list(APPEND alone "${batch}")
    math(EXPR first "${first} + ${FAILBACK_BATCH}")
  endwhile()
  set(${out} ${alone} PARENT_SCOPE)
endfunction()

# failback_library(NAME SOURCES a.cpp ... DEPS x y): a static library of this project.
function(failback_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  failback_batches(sources ${name} ${arg_SOURCES})
  add_library(${name} STATIC ${sources})
  # A program's functions are its own, so one may be inlined into another although they are compiled to be linked
  # anywhere.
  target_compile_options(${name} PRIVATE -fno-semantic-interposition)
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${arg_DEPS} PRIVATE failback_warnings ${arg_PRIVATE_DEPS})
endfunction()

# failback_executable(NAME SOURCES ... DEPS ...): a program in <build>/bin.
function(failback_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  failback_batches(sources ${name} ${arg_SOURCES})
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE failback_warnings ${arg_DEPS})
endfunction()

# failback_test(NAME SOURCES ... DEPS ... [LABELS ...] [TIMEOUT s] [ALONE]): one Boost.Test program, one CTest entry.
# ALONE: its sources have helpers of the same names, and are compiled one by one.
function(failback_test name)
  cmake_parse_arguments(arg "ALONE" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  find_package(Boost 1.74 REQUIRED COMPONENTS unit_test_framework)
  set(sources ${arg_SOURCES})
  if(NOT arg_ALONE)
    failback_batches(sources ${name} ${arg_SOURCES})
  endif()
  add_executable(${name} ${sources} "${CMAKE_SOURCE_DIR}/tests/support/test_main.cpp")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_compile_definitions(${name} PRIVATE BOOST_TEST_DYN_LINK
                             FAILBACK_SOURCE_DIR="${CMAKE_SOURCE_DIR}" FAILBACK_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  target_link_libraries(${name} PRIVATE failback_warnings failback_test_options ${arg_DEPS} Boost::unit_test_framework)
  add_test(NAME ${name} COMMAND ${name} --color_output=no)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()
