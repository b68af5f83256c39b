# vanthu_embed(TARGET SYMBOL FILE): the file's bytes become `const unsigned char SYMBOL[]` and
# `const size_t SYMBOL_size`, so that one program carries its schemas and pages.
function(vanthu_embed target symbol file)
    set(source ${PROJECT_SOURCE_DIR}/${file})
    set(out ${PROJECT_BINARY_DIR}/generated/embed/${symbol}.c)
    add_custom_command(
        OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -DIN=${source} -DOUT=${out} -DSYMBOL=${symbol} -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
        DEPENDS ${source} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
        VERBATIM)
    target_sources(${target} PRIVATE ${out})
endfunction()
