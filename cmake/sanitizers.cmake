if(SER_SANITIZE)
  add_compile_options(-fsanitize=${SER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SER_SANITIZE})
endif()
