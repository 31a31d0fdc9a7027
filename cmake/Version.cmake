# Writes bqconn/version.hpp: the version from project() and the current commit. Sets BQCONN_DATE, the date for the
# manual pages (UTC): from SOURCE_DATE_EPOCH, else the commit, else this project's file.
set(BQCONN_COMMIT "unknown")
file(TIMESTAMP "${PROJECT_SOURCE_DIR}/CMakeLists.txt" BQCONN_DATE "%Y-%m-%d" UTC)
find_package(Git QUIET)
if(GIT_FOUND)
    execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --short=12 HEAD
                    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE bqconn_head
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE bqconn_git)
    if(bqconn_git EQUAL 0)
        set(BQCONN_COMMIT "${bqconn_head}")
        execute_process(COMMAND "${CMAKE_COMMAND}" -E env TZ=UTC
                                "${GIT_EXECUTABLE}" log -1 --format=%cd --date=format-local:%Y-%m-%d
                        WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE BQCONN_DATE
                        OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
        execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --git-path logs/HEAD
                        WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE bqconn_log
                        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
        get_filename_component(bqconn_log "${bqconn_log}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
        if(EXISTS "${bqconn_log}")
            set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${bqconn_log}")
        endif()
    endif()
endif()
if(DEFINED ENV{SOURCE_DATE_EPOCH})
    string(TIMESTAMP BQCONN_DATE "%Y-%m-%d" UTC)  # CMake reads SOURCE_DATE_EPOCH
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/version.hpp.in" "${PROJECT_BINARY_DIR}/generated/bqconn/version.hpp" @ONLY)
