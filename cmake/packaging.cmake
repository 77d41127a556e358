include(CMakePackageConfigHelpers)
install(TARGETS ser EXPORT serTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/ser DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT serTargets NAMESPACE ser:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ser)
configure_package_config_file(cmake/serConfig.cmake.in ${PROJECT_BINARY_DIR}/serConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ser)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/serConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/serConfig.cmake ${PROJECT_BINARY_DIR}/serConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ser)
