# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a C++ file that holds the built-in scenarios and their JSON Schema. Called with OUT, SCENARIOS (a list)
# and SCHEMA.
function(literal variable file)
  file(READ "${file}" text)
  # A string literal may not be longer than 64 KiB everywhere: several, one after the other, are one.
  string(LENGTH "${text}" size)
  set(result "")
  set(at 0)
  while(at LESS size)
    string(SUBSTRING "${text}" ${at} 12000 part)
    string(APPEND result "R\"~~(${part})~~\"\n")
    math(EXPR at "${at} + 12000")
  endwhile()
  set(${variable} "${result}" PARENT_SCOPE)
endfunction()

set(entries "")
foreach(scenario IN LISTS SCENARIOS)
  get_filename_component(name "${scenario}" NAME_WE)
  literal(text "${scenario}")
  string(APPEND entries "{\"${name}\",\n${text}},\n")
endforeach()
literal(schema "${SCHEMA}")
file(WRITE "${OUT}"
     "// Written by mocks/embed.cmake: do not edit.\n"
     "#include \"mocks/embedded.h\"\n"
     "namespace failback::mock::embedded {\n"
     "const std::vector<std::pair<std::string_view, std::string_view>>& scenarios() {\n"
     "static const std::vector<std::pair<std::string_view, std::string_view>> all{\n${entries}};\n"
     "return all; }\n"
     "std::string_view scenarioSchema() { return ${schema}; }\n"
     "}  // namespace failback::mock::embedded\n")
