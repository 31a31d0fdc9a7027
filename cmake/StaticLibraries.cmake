# A release build (BQCONN_STATIC): every library except the C library is linked from an archive, without its unused
# parts. scripts/release builds the archives that Debian does not have, and passes their location:
#   BQCONN_CURL      a folder with lib/libcurl.a, in this machine's version: HTTP, HTTPS and HTTP/2 only
#   BQCONN_OPENSSL   a folder with include and lib of an OpenSSL without what bqconn never uses (default: the system's)
#   BQCONN_HTTPLIB   a folder with the complete httplib.h
# Any build may use these three; the tests of a release do.
# Also builds bqconn-static, which includes the C library.
set(BQCONN_CURL "" CACHE PATH "Folder with lib/libcurl.a (default: the system's shared libcurl)")
set(BQCONN_OPENSSL "" CACHE PATH "Folder with include and lib of a static OpenSSL (default: the system's)")
set(BQCONN_HTTPLIB "" CACHE PATH "Folder with httplib.h (default: the system's shared cpp-httplib)")
set(BQCONN_ORDER "" CACHE FILEPATH "File with symbols to be linked in this order, for BQCONN_STATIC")
set(BQCONN_IDENTITY "" CACHE STRING "What a release is built from: build ids are made of it")
if(BQCONN_OPENSSL)
    set(OPENSSL_ROOT_DIR "${BQCONN_OPENSSL}")
endif()
if(BQCONN_STATIC OR BQCONN_OPENSSL)
    set(OPENSSL_USE_STATIC_LIBS TRUE)
endif()
if(BQCONN_STATIC)
    if(NOT EXISTS "${BQCONN_CURL}/lib/libcurl.a" OR NOT EXISTS "${BQCONN_HTTPLIB}/httplib.h"
       OR NOT EXISTS "${BQCONN_ORDER}")
        message(FATAL_ERROR "BQCONN_STATIC requires BQCONN_CURL, BQCONN_HTTPLIB and BQCONN_ORDER: run scripts/release.")
    endif()
endif()
find_package(Threads REQUIRED)

# The headers are the system's: the version is the same.
macro(bqconn_static_curl)
    find_library(BQCONN_NGHTTP2 libnghttp2.a)
    bqconn_need("${BQCONN_NGHTTP2}" "libnghttp2-dev")
    add_library(CURL::libcurl STATIC IMPORTED)
    set_target_properties(CURL::libcurl PROPERTIES
        IMPORTED_LOCATION "${BQCONN_CURL}/lib/libcurl.a"
        INTERFACE_LINK_LIBRARIES "${BQCONN_NGHTTP2};OpenSSL::SSL;OpenSSL::Crypto;Threads::Threads")
    set(CURL_FOUND TRUE)
endmacro()

# Debian has no archives of fmt and spdlog: use their headers.
function(bqconn_static_spdlog)
    set_target_properties(spdlog::spdlog_header_only PROPERTIES
        INTERFACE_LINK_LIBRARIES "Threads::Threads;fmt::fmt-header-only")
    target_link_libraries(bqconn_spdlog INTERFACE spdlog::spdlog_header_only)
endfunction()

function(bqconn_static_utf8proc)
    find_library(BQCONN_UTF8PROC libutf8proc.a REQUIRED)
    set_target_properties(PkgConfig::UTF8PROC PROPERTIES
        INTERFACE_COMPILE_DEFINITIONS UTF8PROC_STATIC
        INTERFACE_LINK_LIBRARIES "${BQCONN_UTF8PROC}")
endfunction()

function(bqconn_static_httplib)
    set_target_properties(PkgConfig::HTTPLIB PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${BQCONN_HTTPLIB}"
        INTERFACE_COMPILE_OPTIONS ""
        INTERFACE_COMPILE_DEFINITIONS CPPHTTPLIB_OPENSSL_SUPPORT
        INTERFACE_LINK_LIBRARIES "OpenSSL::SSL;OpenSSL::Crypto;Threads::Threads")
endfunction()

function(bqconn_static_options)
    target_compile_options(bqconn_options INTERFACE -ffunction-sections -fdata-sections -U_FORTIFY_SOURCE
                                                    -D_FORTIFY_SOURCE=2)
    # With FORTIFY, g++ 12 warns about overlaps and overreads in std::string that do not exist.
    target_compile_options(bqconn_options INTERFACE -Wno-restrict -Wno-stringop-overread -Wno-stringop-overflow
                                                    -Wno-array-bounds)
    # Remove source paths, for privacy and so that two clones produce the same bytes.
    target_compile_options(bqconn_options INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."
                                                    "-ffile-prefix-map=${PROJECT_BINARY_DIR}=.")
    target_link_options(bqconn_options INTERFACE LINKER:--gc-sections,-z,relro,-z,now)
endfunction()

# Links with lld, which can order functions and pack relocations. The build id identifies the separate symbol file; the
# linker's default id would depend on the build folder.
function(bqconn_link target)
    string(SHA1 id "${target} ${PROJECT_VERSION} ${BQCONN_IDENTITY}")
    target_link_options(${target} PRIVATE -fuse-ld=lld LINKER:--build-id=0x${id},--pack-dyn-relocs=relr
                                          LINKER:--symbol-ordering-file=${BQCONN_ORDER},--no-warn-symbol-ordering)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${BQCONN_ORDER}")
endfunction()

# The tag is for packed_relocations.cpp.
function(bqconn_needs_libc_only target)
    bqconn_link(${target})
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc LINKER:--as-needed
                                          LINKER:--use-android-relr-tags)
    target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src/older_libc.cpp"
                                     "${PROJECT_SOURCE_DIR}/src/packed_relocations.cpp")
endfunction()

# The same objects, linked with the C library.
function(bqconn_add_static program)
    get_target_property(sources ${program} SOURCES)
    list(FILTER sources EXCLUDE REGEX "older_libc|packed_relocations")
    add_executable(${program}-static ${sources} "${PROJECT_SOURCE_DIR}/src/static_names.cpp")
    get_target_property(libraries ${program} LINK_LIBRARIES)
    target_link_libraries(${program}-static PRIVATE ${libraries})
    bqconn_link(${program}-static)
    target_link_options(${program}-static PRIVATE -static-pie -Wl,--wrap=getaddrinfo)
endfunction()
