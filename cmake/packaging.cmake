include(CMakePackageConfigHelpers)
install(TARGETS ser ser_shared EXPORT serTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT serTargets NAMESPACE ser:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ser)
configure_package_config_file(cmake/serConfig.cmake.in ${PROJECT_BINARY_DIR}/serConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ser)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/serConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/serConfig.cmake ${PROJECT_BINARY_DIR}/serConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ser)

# For the shared library and its C interface; who uses C++ from CMake has the package above.
# It finds the rest from where it lies itself, so that --prefix may say another place.
file(RELATIVE_PATH SER_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/ser.pc.in ${PROJECT_BINARY_DIR}/ser.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ser.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Models that come with the toolkit are found beside the programs (apps/named_models.h), in the tree
# of the build as in that of an installation.
install(DIRECTORY models/ DESTINATION ${CMAKE_INSTALL_DATADIR}/ser/models FILES_MATCHING PATTERN "*.ser" PATTERN "*.md")
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/ser)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/models ${PROJECT_BINARY_DIR}/share/ser/models SYMBOLIC)
