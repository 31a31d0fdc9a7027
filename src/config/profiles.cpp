#include "bqconn/config/profiles.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace bqconn::config {

std::string profile_folder(const Environment& environment) {
    const auto config_home = find(environment, "XDG_CONFIG_HOME");
    // The XDG specification: a relative path is to be ignored.
    if (config_home.starts_with('/')) {
        return std::string(config_home) + "/bqconn";
    }
    const auto home = find(environment, "HOME");
    return home.empty() ? std::string() : std::string(home) + "/.config/bqconn";
}

bool is_profile_name(std::string_view name) {
    return !name.empty() && name.find('/') == std::string_view::npos && !name.starts_with('.');
}

std::vector<std::string> profile_names(const Environment& environment) {
    constexpr std::string_view ending = ".env";
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
