#include "bqconn/config/profiles.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "bqconn/core/error.hpp"

namespace bqconn::config {
namespace {

constexpr std::string_view ending = ".env";

}  // namespace

std::string profile_folder(const Environment& environment) {
    const auto config_home = find(environment, "XDG_CONFIG_HOME");
    // The XDG specification: a relative path is to be ignored.
    if (config_home.starts_with('/')) {
        return std::string(config_home) + "/bqconn";
    }
    const auto home = find(environment, "HOME");
    return home.empty() ? std::string() : std::string(home) + "/.config/bqconn";
}

std::string profile_path(const Environment& environment, std::string_view name,
                         const Source& source) {
    if (!is_profile_name(name)) {
        throw Error(ExitCode::usage, "usage.invalid_value",
                    describe(source) + " is no profile name",
                    "give a bare name, without folder and without .env, of 200 characters at most; "
                    "a file is named with --env-file");
    }
    const std::string folder = profile_folder(environment);
    if (folder.empty()) {
        throw Error(ExitCode::config, "config.no_home",
                    "a profile has no place: neither XDG_CONFIG_HOME nor HOME is set",
                    "set HOME; settings can also be given in a file, with --env-file");
    }
    return folder + "/" + std::string(name) + std::string(ending);
}

bool is_profile_name(std::string_view name) {
    constexpr std::size_t longest = 200;  // with what stands behind it, still a file's name
    return !name.empty() && name.size() <= longest && name.find('/') == std::string_view::npos &&
           !name.starts_with('.');
}

std::vector<std::string> profile_names(const Environment& environment) {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator file(profile_folder(environment), error);
    for (; !error && file != std::filesystem::directory_iterator(); file.increment(error)) {
        std::string name = file->path().filename().string();
        if (name.ends_with(ending)) {
            name.resize(name.size() - ending.size());
            if (is_profile_name(name)) {
                names.push_back(std::move(name));
            }
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace bqconn::config
