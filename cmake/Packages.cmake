# The Debian packages of a release, one per program: the files that install() adds to its component, and those that
# scripts/release has written to BQCONN_PACKAGE_FILES/PROGRAM: copyright, changelog.gz, lintian overrides.
set(BQCONN_PACKAGE_FILES "" CACHE PATH "Folder of what Debian packages hold beside what is installed")
set(BQCONN_PACKAGER "" CACHE STRING "Who answers for the Debian packages: Name <address>")

foreach(program IN ITEMS bqconn bqconn-emulator)
    set(files "${BQCONN_PACKAGE_FILES}/${program}")
    install(FILES "${files}/copyright" "${files}/changelog.gz" COMPONENT ${program} EXCLUDE_FROM_ALL
            DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${program}")
    install(FILES "${files}/overrides" RENAME ${program} COMPONENT ${program} EXCLUDE_FROM_ALL
            DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides")
endforeach()

# Pack the existing build without building again.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL bqconn bqconn-emulator)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_NAME bqconn)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "${BQCONN_PACKAGER}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")

set(CPACK_DEBIAN_BQCONN_PACKAGE_NAME bqconn)
set(CPACK_DEBIAN_BQCONN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_BQCONN_PACKAGE_SUGGESTS bqconn-emulator)
set(CPACK_DEBIAN_BQCONN_DESCRIPTION "Google BigQuery base connections in Adobe Experience Platform
bqconn creates, lists, tests, explores, changes and deletes them, from a shell
or from CI. A connection is created at most once, credentials are checked
before a byte is sent, and secrets stay out of what is printed.")
set(CPACK_DEBIAN_BQCONN-EMULATOR_PACKAGE_NAME bqconn-emulator)
set(CPACK_DEBIAN_BQCONN-EMULATOR_PACKAGE_SUGGESTS bqconn)
set(CPACK_DEBIAN_BQCONN-EMULATOR_DESCRIPTION "local stand-in for the services that bqconn talks to
bqconn-emulator answers as Adobe's Flow Service and IMS and as Google do, on
this machine: to try bqconn without an account, and to test scripts that use
it. It can also fail in the ways that they do.")
include(CPack)
