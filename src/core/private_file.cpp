#include "bqconn/core/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"

namespace bqconn {
namespace {

Error cannot_write(const std::string& path, const std::string& problem) {
    return {ExitCode::config, "config.file_unwritable",
            "cannot write " + inert_line(path) + ": " + problem,
            "check the path, and that the user running bqconn can write there"};
}

std::string words_of(int system_error) {
    return std::generic_category().message(system_error);
}

// Syncs the rename. Errors are ignored: not every file system supports it.
void sync_folder(const std::string& folder) {
    ::fsync(Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)).number());
}

std::string folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) {
        ::close(number_);
    }
}

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

void write_private_file(const std::string& path, std::string_view text, Durable durable) {
    // Do not replace /dev/stdout with a file.
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        throw cannot_write(
            path, S_ISLNK(status.st_mode) ? "it is a symbolic link" : "it is not a regular file");
    }
    std::string temporary = path + ".XXXXXX";
    // Made with mode 0600.
    const int file = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (file < 0) {
        throw cannot_write(path, words_of(errno));
    }
    bool done = write_all(file, text) && (durable == Durable::no || ::fsync(file) == 0);
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
        throw cannot_write(path, words_of(system_error));
    }
    if (durable == Durable::yes) {
        sync_folder(folder_of(path));
    }
}

void make_private_folder(const std::string& path) {
    constexpr mode_t owner_only = 0700;
    std::error_code error;
    std::filesystem::create_directories(folder_of(path), error);
    if (error) {
        throw cannot_write(path, error.message());
    }
    if (::mkdir(path.c_str(), owner_only) != 0 && errno != EEXIST) {
        throw cannot_write(path, words_of(errno));
    }
}

}  // namespace bqconn
