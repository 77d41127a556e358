cmake_minimum_required(VERSION 3.24)
# cmake -DSTYLE=page.css -DSCRIPT=page.js -DOUTPUT=page_assets.cpp -P embed_page.cmake
file(READ ${STYLE} style)
file(READ ${SCRIPT} script)
file(SHA256 ${SCRIPT} checksum)
file(WRITE ${OUTPUT} "// Made by cmake/embed_page.cmake from src/report/page.
#include \"report/page/page_assets.h\"

namespace ser::report::page {

const std::string_view kStyle = R\"asset(${style})asset\";
const std::string_view kScript = R\"asset(${script})asset\";
const std::string_view kScriptChecksum = \"${checksum}\";

}  // namespace ser::report::page
")
