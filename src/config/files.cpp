#include "bqconn/config/files.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

// Collects a secret. It never reallocates, which would leave a copy in memory, and is wiped unless
// it was taken.
class Buffer {
  public:
    explicit Buffer(std::size_t largest) : capacity_(largest + 1) { bytes_.reserve(capacity_); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { ::explicit_bzero(bytes_.data(), bytes_.size()); }

    // Calls `read` with the next block until it returns 0. False if there is too much.
    template <typename Read>
    bool fill(const Read& read) {
        constexpr std::size_t piece = 64 * 1024;
        while (used_ < capacity_) {
            bytes_.resize(std::min(used_ + piece, capacity_));
            const std::size_t count = read(bytes_.data() + used_, bytes_.size() - used_);
            if (count == 0) {
                return true;
            }
            used_ += count;
        }
        return false;
    }

    Secret take() {
        // Memory after the text was never written to.
        bytes_.resize(used_);
        return Secret(std::move(bytes_));
    }

  private:
    std::size_t capacity_;  // one more byte means "too large"
    std::string bytes_;
    std::size_t used_ = 0;
};

// The result of a system call that a signal may interrupt.
template <typename Call>
auto retried(const Call& call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

Error file_error(const char* code, const std::string& path, const std::string& problem,
                 std::string hint = {}) {
    const std::string shown = is_plainly_a_path(path) || file_exists(path)
                                  ? inert_line(path)
                                  : "the path (not shown: it may be a secret)";
    return {ExitCode::config, code, shown + ": " + problem, std::move(hint)};
}

Error unreadable(const std::string& path, int reason) {
    std::string hint = "check the path";
    if (reason == EACCES || reason == EPERM) {
        hint =
            "give the user running bqconn permission to read the file and to enter the folders "
            "above it";
    } else if (reason == ENOTDIR) {
        hint = "a part of the path is a file, not a folder: check the path";
    }
    return file_error("config.file_unreadable", path,
                      "cannot be read: " + std::generic_category().message(reason), hint);
}

std::string mebibytes(std::size_t size) {
    return std::to_string(size / 1024 / 1024) + " MiB";
}

Error too_large(const std::string& path, std::size_t largest) {
    return file_error("config.file_too_large", path, "is larger than " + mebibytes(largest),
                      "bqconn does not read larger files: check the path");
}

bool is_opened_by_the_shell(const std::string& path) {
    return path == "/dev/stdin" || path.starts_with("/dev/fd/") ||
           path.starts_with("/proc/self/fd/");
}

// systemd gives its credentials mode 0440, in a folder that only the service can enter.
bool is_in_folder(const std::string& path, std::string_view folder) {
    const auto inside = std::filesystem::path(path).lexically_normal().lexically_relative(
        std::filesystem::path(folder).lexically_normal());
    return folder.starts_with('/') && !inside.empty() && *inside.begin() != "..";
}

void check_permissions(const std::string& path, const struct stat& status,
                       std::string_view credentials_directory) {
    const mode_t group_read = is_in_folder(path, credentials_directory) ? 0 : S_IRGRP;
    const mode_t open_to_others = group_read | S_IWGRP | S_IROTH | S_IWOTH;
    if (!S_ISREG(status.st_mode) || (status.st_mode & open_to_others) == 0 ||
        is_opened_by_the_shell(path)) {
        return;
    }
    const uid_t user = ::geteuid();
    const std::string fix =
        user == status.st_uid || user == 0
            ? "run: chmod 600 " + inert_line(shell_word(path))
            : "the file belongs to another user: make your own copy with mode 0600";
    throw file_error(
        "config.file_too_open", path,
        "contains credentials, and other users can read or write it (mode " +
            octal(status.st_mode) + ")",
        fix + "; if the mode cannot be changed, as in some containers, use --allow-insecure-files");
}

void check_kind(const std::string& path, const struct stat& status, std::size_t largest) {
    if (S_ISDIR(status.st_mode)) {
        throw file_error("config.file_not_regular", path, "is a folder", "specify a file in it");
    }
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) {
        throw file_error("config.file_not_regular", path, "is neither a file nor a pipe",
                         "check the path");
    }
    if (S_ISREG(status.st_mode) && status.st_size > static_cast<off_t>(largest)) {
        throw too_large(path, largest);
    }
}

}  // namespace

std::optional<Secret> read_file_if_exists(const std::string& path, const ReadOptions& options) {
    // open(2) would stop at a NUL and read a different file.
    if (path.empty() || path.find('\0') != std::string::npos) {
        throw file_error("config.file_missing", path, "is not a path", "specify a file");
    }
    const Descriptor file(
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY); }));
    if (file.number() < 0) {
        if (errno == ENOENT) {
            return std::nullopt;
        }
        throw unreadable(path, errno);
    }
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) {
        throw unreadable(path, errno);
    }
    check_kind(path, status, options.largest);
    if (options.secret && !options.allow_insecure) {
        check_permissions(path, status, options.credentials_directory);
    }
    Buffer buffer(options.largest);
    const bool whole = buffer.fill([&](char* start, std::size_t length) {
        const ssize_t count = retried([&] { return ::read(file.number(), start, length); });
        if (count < 0) {
            throw unreadable(path, errno);
        }
        return static_cast<std::size_t>(count);
    });
    if (!whole) {
        throw too_large(path, options.largest);
    }
    return buffer.take();
}

Secret read_file(const std::string& path, const ReadOptions& options) {
    auto text = read_file_if_exists(path, options);
    if (!text) {
        const bool shown = is_plainly_a_path(path);
        throw no_such_file(path, shown ? "" : "the path", shown);
    }
    return *std::move(text);
}

Secret read_stream(std::istream& in, const std::string& what, std::size_t largest) {
    Buffer buffer(largest);
    const bool whole = buffer.fill([&](char* start, std::size_t length) {
        in.read(start, static_cast<std::streamsize>(length));
        if (in.bad()) {
            throw file_error("config.file_unreadable", what, "standard input cannot be read");
        }
        return static_cast<std::size_t>(in.gcount());
    });
    if (!whole) {
        throw Error(ExitCode::config, "config.file_too_large",
                    what + ": standard input is larger than " + mebibytes(largest));
    }
    return buffer.take();
}

bool file_exists(const std::string& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

std::optional<connection::Finding> explain_missing(std::string_view path) {
    if (path.starts_with('~')) {
        return connection::Finding{"begins with \"~\"",
                                   "\"~\" is not expanded: write the full path, or use \"$HOME\""};
    }
    if (path == "-") {
        return connection::Finding{
            "is a bare \"-\"",
            "use /dev/stdin or /dev/stderr: only a secret can be given as \"-\""};
    }
    return connection::check_real_value(path);
}

Error no_such_file(const std::string& path, const std::string& source, bool shown) {
    const auto finding = explain_missing(path);
    std::string message = source.empty() ? "" : source + ": ";
    message += (shown ? inert_line(path) + ": " : "") + "there is no such file";
    message += finding ? "; the path " + finding->problem : "";
    message += shown ? "" : " (the name is not shown: it may be a secret)";
    return {ExitCode::config, "config.file_missing", message,
            finding ? finding->hint
            : shown
                ? "check the path; it is relative to the current folder"
                : "write the name of a file as ./NAME; give the secret itself without @ or _FILE"};
}

std::string octal(unsigned mode) {
    std::array<char, 8> digits{};
    std::snprintf(digits.data(), digits.size(), "%04o", mode & 07777U);
    return digits.data();
}

Secret bare_value(const Secret& text) {
    std::string_view value = without_bom(text.reveal());
    if (value.ends_with('\n')) {
        value.remove_suffix(value.ends_with("\r\n") ? 2 : 1);
    }
    return Secret(std::string(value));
}

}  // namespace bqconn::config
