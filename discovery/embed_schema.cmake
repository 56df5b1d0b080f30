# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a C++ file that holds a JSON file as text: cmake -DINPUT=a.json -DOUTPUT=a.cpp -P embed_schema.cmake
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
string(REGEX REPLACE "(('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',))" "\\1\n"
       bytes "${bytes}")
file(
  WRITE "${OUTPUT}"
  "// Written by discovery/embed_schema.cmake from docs/discover.schema.json.\n"
  "#include \"discovery/json.h\"\n"
  "namespace failback::discovery {\n"
  "namespace {\nconstexpr char text[] = {\n${bytes}};\n}\n"
  "std::string_view dumpSchema() { return {text, sizeof text}; }\n"
  "}  // namespace failback::discovery\n")
