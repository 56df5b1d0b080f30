# SPDX-License-Identifier: GPL-2.0-or-later
# Runs wsdl2h and soapcpp2. Called by CMakeLists.txt with WSDL2H, SOAPCPP2, TYPEMAP, WSDL, OUT, SPLIT, PARTS.

function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${OUT}" RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nfailed (${result}):\n${output}")
  endif()
endfunction()

# A run with other parameters leaves parts behind that nobody would overwrite.
file(GLOB old "${OUT}/soap*.cpp" "${OUT}/soap*.h")
if(old)
  file(REMOVE ${old})
endif()

# -O1: no duplicate types, -j -x -W -L: no headers, attributes, warnings or files that we supply ourselves.
run("${WSDL2H}" -c++17 -O1 -j -x -W -L -t "${TYPEMAP}" -o vim.h "${WSDL}")
# -1: SOAP 1.1; -j: service class shares the context; -w -x: no WSDL, no samples; -L: no library file.
set(ENV{SOURCE_DATE_EPOCH} 0) # soapcpp2 stamps its output; the same input shall give the same bytes
run("${SOAPCPP2}" -c++17 -1 -S -j -w -x -L -f${SPLIT} -I/usr/share/gsoap/import:/usr/share/gsoap -d "${OUT}" vim.h)

file(GLOB parts "${OUT}/soapC_*.cpp")
list(LENGTH parts count)
if(count GREATER PARTS)
  message(FATAL_ERROR "soapcpp2 wrote ${count} parts: set vim25_parts to ${count} in wsdl/CMakeLists.txt")
endif()
foreach(n RANGE 1 ${PARTS})
  string(LENGTH "${n}" digits)
  if(digits EQUAL 1)
    set(n "0${n}")
  endif()
  set(part "${OUT}/soapC_0${n}.cpp")
  if(EXISTS "${part}")
    file(SIZE "${part}" size)
  else()
    set(size 0)
  endif()
  # A part without functions (or one that the subset no longer needs) would cost seconds for its includes alone.
  if(size LESS 1000)
    file(WRITE "${part}" "// nothing in this part\n")
  endif()
endforeach()
