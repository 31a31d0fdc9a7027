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
    // The XDG specification says to ignore relative paths.
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
                    describe(source) + " is not a valid profile name",
                    "use a bare name of at most 200 characters, without folder or .env; for a file "
                    "use --env-file");
    }
    const std::string folder = profile_folder(environment);
    if (folder.empty()) {
        throw Error(ExitCode::config, "config.no_home",
                    "no folder for profiles: neither XDG_CONFIG_HOME nor HOME is set",
                    "set HOME, or give the settings in a file with --env-file");
    }
    return folder + "/" + std::string(name) + std::string(ending);
}

bool is_profile_name(std::string_view name) {
    constexpr std::size_t longest = 200;  // still a valid file name with .env appended
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
