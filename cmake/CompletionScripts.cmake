# Writes bqconn/completion_scripts.hpp: the output of `bqconn completion`.
foreach(shell IN ITEMS bash zsh fish)
    set(bqconn_script "${PROJECT_SOURCE_DIR}/src/commands/completion/bqconn.${shell}")
    file(READ "${bqconn_script}" BQCONN_SCRIPT_${shell})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${bqconn_script}")
endforeach()
configure_file("${CMAKE_CURRENT_LIST_DIR}/completion_scripts.hpp.in"
               "${PROJECT_BINARY_DIR}/generated/bqconn/completion_scripts.hpp" @ONLY)
