#include "bqconn/core/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "bqconn/core/error.hpp"

namespace bqconn {
namespace {

Error cannot_write(const std::string& path, int system_error) {
    return {ExitCode::config, "file.unwritable",
            "cannot write " + path + ": " + std::generic_category().message(system_error)};
}

}  // namespace

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void write_private_file(const std::string& path, std::string_view text) {
    // Not to put a file in the place of /dev/stdout.
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        throw Error(ExitCode::config, "file.unwritable",
                    "cannot write " + path + ": it is no regular file");
    }
    std::string temporary = path + ".XXXXXX";
    // Made with mode 0600.
    const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (file < 0) {
        throw cannot_write(path, errno);
    }
    bool done = write_all(file, text);
    int system_error = errno;
    if (::close(file) != 0 && done) {
        done = false;
        system_error = errno;
    }
    if (done && std::rename(temporary.c_str(), path.c_str()) != 0) {
        done = false;
        system_error = errno;
    }
    if (!done) {
        ::unlink(temporary.c_str());
        throw cannot_write(path, system_error);
    }
}

}  // namespace bqconn
