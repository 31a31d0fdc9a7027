#include "bqconn/emulator/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "bqconn/core/error.hpp"
#include "bqconn/core/private_file.hpp"

namespace bqconn::emulator {
namespace {

constexpr mode_t owner_only = 0600;

Error cannot_write(const std::string& path, int system_error) {
    return {ExitCode::config, "file.unwritable",
            "cannot write " + path + ": " + std::generic_category().message(system_error)};
}

}  // namespace

PrivateLog::PrivateLog(const std::string& path)
    : file_(
          open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, owner_only)) {
    struct stat status {};
    bool ready = file_ >= 0 && fstat(file_, &status) == 0;
    // Leave devices unchanged.
    if (ready && S_ISREG(status.st_mode)) {
        // For an existing file, set the mode before writing anything.
        ready = fchmod(file_, owner_only) == 0 && ftruncate(file_, 0) == 0;
    }
    if (!ready) {
        const int system_error = errno;
        if (file_ >= 0) {
            close(file_);
        }
        throw cannot_write(path, system_error);
    }
}

PrivateLog::~PrivateLog() {
    close(file_);
}

bool PrivateLog::add_line(std::string_view line) {
    const std::string text = std::string(line) + "\n";
    const std::lock_guard lock(mutex_);
    return write_all(file_, text);
}

}  // namespace bqconn::emulator
