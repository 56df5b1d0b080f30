# SPDX-License-Identifier: GPL-2.0-or-later
# Writes OUT, a source file that holds the texts of WSDL and XSD. Called by CMakeLists.txt.
file(READ "${WSDL}" wsdl)
file(READ "${XSD}" xsd)
file(WRITE "${OUT}" "#include \"wsdl/served_files.h\"
namespace failback::vim25 {
std::string_view servedWsdl() { return R\"vim25(${wsdl})vim25\"; }
std::string_view servedSchema() { return R\"vim25(${xsd})vim25\"; }
}
")
