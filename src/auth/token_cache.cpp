#include "bqconn/auth/token_cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::string_view prefix = "token-";
constexpr std::string_view ending = ".json";
constexpr int version = 1;

std::string name_of(const TokenKey& key) {
    constexpr std::size_t enough = 32;
    const std::string hash =
        crypto::sha256_hex(key.ims_url + "\n" + key.client_id + "\n" + key.scopes);
    return std::string(prefix) + hash.substr(0, enough) + std::string(ending);
}

// The content of a file that only this user can access; empty if others can, or on error.
std::string read_private(const std::string& path) {
    constexpr off_t largest = 64 * 1024;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    std::string text;
    if (::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_uid == ::geteuid() && (status.st_mode & 077U) == 0 && status.st_size <= largest) {
        std::array<char, 4096> block{};
        for (ssize_t size = 0; (size = ::read(file.number(), block.data(), block.size())) > 0;) {
            text.append(block.data(), static_cast<std::size_t>(size));
        }
    }
    return text;
}

std::vector<std::filesystem::path> files_in(const std::string& folder, std::error_code& error) {
    std::vector<std::filesystem::path> files;
    std::filesystem::directory_iterator file(folder, error);
    for (; !error && file != std::filesystem::directory_iterator(); file.increment(error)) {
        if (file->path().filename().string().starts_with(prefix)) {
            files.push_back(file->path());
        }
    }
    return files;
}

// Tokens of unused clients must not accumulate.
void clear_old(const std::string& folder) {
    constexpr std::chrono::hours old{72};
    std::error_code ignored;
    const auto now = std::filesystem::file_time_type::clock::now();
    for (const auto& file : files_in(folder, ignored)) {
        if (now - std::filesystem::last_write_time(file, ignored) > old) {
            std::filesystem::remove(file, ignored);
        }
    }
}

}  // namespace

TokenCache::TokenCache(std::string folder, TokenKey key)
    : folder_(std::move(folder)),
      key_(std::move(key)),
      path_(folder_.empty() ? std::string() : folder_ + "/" + name_of(key_)) {}

std::optional<CachedToken> TokenCache::read(sys_seconds now) const {
    if (path_.empty()) {
        return std::nullopt;
    }
    const json::Json document = json::parse_or_null(read_private(path_));
    if (json::integer_at(document, "version") != version ||
        json::string_at(document, "imsUrl") != key_.ims_url ||
        json::string_at(document, "clientId") != key_.client_id ||
        json::string_at(document, "scopes") != key_.scopes) {
        return std::nullopt;
    }
    const auto fetched = json::integer_at(document, "fetchedAt");
    const auto expires = json::integer_at(document, "expiresAt");
    const std::string token = json::string_at(document, "accessToken");
    if (!fetched || !expires || connection::check_header_value(token)) {
        return std::nullopt;
    }
    const sys_seconds expires_at{seconds(*expires)};
    // A token from the future: the clock was set back, so its expiry is unknown.
    if (now + renewed_before >= expires_at ||
        now + renewed_before < sys_seconds(seconds(*fetched))) {
        return std::nullopt;
    }
    return CachedToken{Secret(token), expires_at};
}

bool TokenCache::write(const CachedToken& token, sys_seconds now) const {
    if (path_.empty()) {
        return false;
    }
    const json::Json document = {{"version", version},
                                 {"imsUrl", key_.ims_url},
                                 {"clientId", key_.client_id},
                                 {"scopes", key_.scopes},
                                 {"fetchedAt", now.time_since_epoch().count()},
                                 {"expiresAt", token.expires_at.time_since_epoch().count()},
                                 {"accessToken", token.token.reveal()}};
    try {
        write_private_file(path_, document.dump() + "\n");
    } catch (const Error&) {
        return false;
    }
    clear_old(folder_);
    return true;
}

void TokenCache::remove() const {
    if (!path_.empty()) {
        ::unlink(path_.c_str());
    }
}

std::optional<Descriptor> TokenCache::try_lock() const {
    if (path_.empty()) {
        return Descriptor(-1);
    }
    try {
        make_private_folder(folder_);
    } catch (const Error&) {
        return Descriptor(-1);
    }
    const std::string lock = path_ + ".lock";
    Descriptor file(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() >= 0 && ::flock(file.number(), LOCK_EX | LOCK_NB) != 0 &&
        errno == EWOULDBLOCK) {
        return std::nullopt;
    }
    return file;
}

std::size_t clear_tokens(const std::string& folder) {
    std::size_t count = 0;
    std::string kept;
    std::error_code error;
    for (const auto& file : files_in(folder, error)) {
        std::error_code reason;
        if (std::filesystem::remove(file, reason)) {
            count += file.extension() == ending ? 1 : 0;
        } else if (reason) {
            kept += "\n  " + inert_line(file.string()) + ": " + reason.message();
        }
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        kept += "\n  " + inert_line(folder) + ": " + error.message();
    }
    if (!kept.empty()) {
        throw Error(ExitCode::config, "config.file_unremovable",
                    "access tokens could not be removed:" + kept,
                    "remove the files yourself; the tokens expire within a day");
    }
    return count;
}

}  // namespace bqconn::auth
