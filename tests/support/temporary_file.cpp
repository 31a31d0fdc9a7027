#include "support/temporary_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace bqconn::test {

TemporaryFile::TemporaryFile(std::string_view text) : path_(testing::TempDir() + "bqconn-XXXXXX") {
    const int fd = ::mkstemp(path_.data());
    if (fd < 0) {
        throw std::system_error(errno, std::generic_category(), "mkstemp");
    }
    ::close(fd);
    std::ofstream(path_, std::ios::binary) << text;
}

TemporaryFile::~TemporaryFile() {
    ::unlink(path_.c_str());
}

}  // namespace bqconn::test
