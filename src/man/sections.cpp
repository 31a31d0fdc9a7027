#include "man/sections.hpp"

#include <algorithm>

#include "bqconn/core/exit_code.hpp"
#include "man/mdoc.hpp"

namespace bqconn::man {
namespace {

using config::Setting;

bool takes(const cli::Verb& verb, Setting setting) {
    return std::find(verb.settings.begin(), verb.settings.end(), setting) != verb.settings.end();
}

// The variables of a setting; a secret also has one that names a file.
std::string variable_items(const config::SettingSpec& spec) {
    if (spec.variable.empty()) {
        return "";
    }
    const std::string variable(spec.variable);
    if (spec.flag.empty()) {
        return item("Ev " + variable, spec.help);
    }
    std::string out = item("Ev " + variable, spec.flag);
    if (spec.takes == config::Takes::secret) {
        out += item("Ev " + variable + std::string(config::file_twin_suffix),
                    "The file that contains it");
    }
    return out;
}

constexpr std::string_view widest_variable = "BQCONN_LARGE_RESULTS_DATASET";

std::string profile_item() {
    return item("Pa $XDG_CONFIG_HOME/bqconn/NAME.env",
                "The profile NAME: NAME=value lines with the variables above. default.env is read "
                "if no profile is named. Mode 0600");
}

std::string cache_item() {
    return item("Pa $XDG_CACHE_HOME/bqconn/", "Cached access tokens. Mode 0600");
}

}  // namespace

std::string environment(const cli::Verb& verb) {
    std::string items;
    for (const Setting setting : verb.settings) {
        items += variable_items(config::spec_of(setting));
    }
    if (items.empty()) {
        return "";
    }
    return section("ENVIRONMENT") +
           prose(
               "A variable is used if its flag is not given. Variables shared with other programs "
               "are listed in") +
           ".Xr bqconn 1 .\n.Pp\n" + compact_list(items, widest_variable);
}

std::string general_environment() {
    std::string items;
    for (const auto& spec : config::all_settings()) {
        items += variable_items(spec);
    }
    std::string others;
    others += item("Ev HTTPS_PROXY , ALL_PROXY , NO_PROXY",
                   "The proxy for https, and the hosts to contact directly");
    others += item("Ev SSL_CERT_FILE , CURL_CA_BUNDLE",
                   "Certificate authorities to trust, if --ca-file is not given");
    others += item("Ev NO_COLOR , CLICOLOR , CLICOLOR_FORCE , TERM",
                   "Whether to use colours on a terminal");
    others += item("Ev PAGER , LESS , COLUMNS", "How to show long text on a terminal");
    others += item("Ev BROWSER", "The browser that bqconn auth google opens the consent page with");
    others +=
        item("Ev XDG_CONFIG_HOME , XDG_CACHE_HOME",
             "Where profiles and access tokens are stored, instead of ~/.config and ~/.cache");
    return section("ENVIRONMENT") +
           prose("A variable is used if its flag is not given. An empty one is an error.") +
           ".Pp\n" + compact_list(items, widest_variable) + ".Pp\n" + prose("Of other programs:") +
           list(others);
}

std::string files(const cli::Verb& verb) {
    std::string items;
    items += takes(verb, Setting::profile) ? profile_item() : "";
    items += takes(verb, Setting::no_cache) || verb.name == "auth clear" ? cache_item() : "";
    return items.empty() ? "" : section("FILES") + list(items);
}

std::string general_files() {
    return section("FILES") + list(profile_item() + cache_item());
}

std::string exit_status() {
    std::string items;
    for (const auto& row : exit_codes()) {
        items += item(std::to_string(static_cast<int>(row.code)) + " " + std::string(row.name),
                      row.meaning);
    }
    items += item("128+N", "stopped by signal N");
    return section("EXIT STATUS") + compact_list(items, "12 bad_response");
}

std::string see_also(std::vector<std::string> pages) {
    std::sort(pages.begin(), pages.end());
    std::string out = section("SEE ALSO");
    for (const auto& page : pages) {
        out += ".Xr " + page + " 1" + (page == pages.back() ? "" : " ,") + "\n";
    }
    return out;
}

}  // namespace bqconn::man
