// Build tool that writes the manual pages from the tables of verbs, settings and exit codes, plus
// what --help has no room for: files, and variables of other programs. Not installed.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/cli/help.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/exit_code.hpp"
#include "bqconn/output/format.hpp"
#include "bqconn/version.hpp"
#include "man/mdoc.hpp"

namespace bqconn::man {
namespace {

using commands::Verb;
using config::Group;
using config::Setting;

constexpr std::pair<std::string_view, std::string_view> foreign_variables[]{
    {"HTTPS_PROXY , ALL_PROXY , NO_PROXY",
     "The proxy for https, and the hosts to contact directly"},
    {"SSL_CERT_FILE , SSL_CERT_DIR , CURL_CA_BUNDLE",
     "Certificate authorities to trust, if --ca-file is not given"},
    {"NO_COLOR , CLICOLOR , CLICOLOR_FORCE , TERM", "Whether to use colours on a terminal"},
    {"PAGER , LESS , COLUMNS", "How to show long text on a terminal"},
    {"BROWSER", "The browsers that bqconn auth google tries for the consent page"},
    {"XDG_CONFIG_HOME , XDG_CACHE_HOME",
     "Where profiles and access tokens are stored, instead of ~/.config and ~/.cache"},
};

std::string page_name(std::string_view verb) {
    std::string name = "bqconn-" + std::string(verb);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string switch_items(const auto& switches) {
    std::string items;
    for (const auto& one : switches) {
        items += item(flag_term(one.flag, one.alias, "", ""), one.help);
    }
    return items;
}

std::string options(const Verb& verb) {
    std::string out = section("OPTIONS");
    const auto add = [&out](std::string_view title, const std::string& items) {
        out += items.empty() ? "" : subsection(title) + list(items);
    };
    add("Flags", switch_items(verb.switches));
    for (const Group group : {Group::google, Group::connection, Group::dataflow, Group::manifest,
                              Group::adobe, Group::files, Group::network, Group::output}) {
        std::string items;
        for (const Setting setting : verb.settings) {
            const auto& spec = config::spec_of(setting);
            if (spec.group != group || spec.flag.empty()) {
                continue;
            }
            std::string help(spec.help);
            if (setting == Setting::output) {
                help += ". One of " + formats_of(verb);
            }
            items += item(flag_term(spec.flag, spec.alias, spec.value_name, spec.variable), help);
        }
        items += group == Group::output ? switch_items(commands::common_switches) : "";
        add(config::title_of(group), items);
    }
    return out;
}

// The variables of settings; a secret also has one that names a file.
std::string variables(const std::vector<Setting>& settings) {
    std::string items;
    for (const Setting setting : settings) {
        const auto& spec = config::spec_of(setting);
        const std::string name = "Ev " + std::string(spec.variable);
        if (!spec.variable.empty()) {
            items += item(name, spec.flag.empty() ? spec.help : spec.flag);
        }
        if (spec.takes == config::Takes::secret) {
            items +=
                item(name + std::string(config::file_twin_suffix), "The file that contains it");
        }
    }
    return list(items, "BQCONN_LARGE_RESULTS_DATASET");
}

std::string files(bool profile, bool cache) {
    std::string items;
    if (profile) {
        items += item("Pa $XDG_CONFIG_HOME/bqconn/NAME.env",
                      "The profile NAME: NAME=value lines with the variables above. default.env is "
                      "read if no profile is named. Mode 0600");
    }
    if (cache) {
        items += item("Pa $XDG_CACHE_HOME/bqconn/", "Cached access tokens. Mode 0600");
    }
    return items.empty() ? "" : section("FILES") + list(items);
}

std::string exit_status() {
    std::string items;
    for (const auto& row : exit_codes()) {
        items += item(std::to_string(static_cast<int>(row.code)) + " " + std::string(row.name),
                      row.meaning);
    }
    items += item("128+N", "stopped by signal N");
    return section("EXIT STATUS") + list(items, "12 bad_response");
}

std::string verb_list(std::string_view group) {
    std::string items;
    for (const auto& verb : commands::verbs()) {
        if (group.empty() || commands::group_of(verb) == group) {
            items += item("Cm " + std::string(verb.name), verb.summary);
        }
    }
    return ".Pp\n" + list(items, "auth google");
}

// bqconn(1) names all other pages, the page of a verb only those of its group.
std::string see_also(const std::string& own_name, std::string_view group) {
    std::set<std::string> names{"bqconn", "bqconn-emulator"};
    for (const auto& verb : commands::verbs()) {
        const auto its_group = commands::group_of(verb);
        if (own_name == "bqconn" || (!group.empty() && its_group == group)) {
            names.insert(page_name(verb.name));
            names.insert(its_group.empty() ? "bqconn" : page_name(its_group));
        }
    }
    names.erase(own_name);
    std::string out;
    for (const auto& name : names) {
        out += (out.empty() ? ".Xr " : " ,\n.Xr ") + name + " 1";
    }
    return section("SEE ALSO") + out + "\n";
}

// `words` follow "bqconn" in the synopsis; `body` begins with the description.
Page page(const std::string& name, std::string_view summary, std::string_view words,
          std::string_view group, const std::string& body, const Edition& edition) {
    return {name, page_head(name, summary, edition) + section("SYNOPSIS") + ".Nm bqconn\n" +
                      usage(words) + section("DESCRIPTION") + body + see_also(name, group)};
}

Page verb_page(const Verb& verb, const Edition& edition) {
    const auto takes = [&verb](Setting setting) {
        return std::count(verb.settings.begin(), verb.settings.end(), setting) > 0;
    };
    std::string body = prose(verb.description) + options(verb);
    if (const std::string items = variables(verb.settings); !items.empty()) {
        body += section("ENVIRONMENT") +
                prose(
                    "A variable is used if its flag is not given. Variables shared with other "
                    "programs are listed in") +
                ".Xr bqconn 1 .\n.Pp\n" + items;
    }
    body += files(takes(Setting::profile), takes(Setting::no_cache) || verb.name == "auth clear") +
            exit_status() + section("EXAMPLES") + literal(verb.examples);
    return page(page_name(verb.name), verb.summary, verb.usage, commands::group_of(verb), body,
                edition);
}

Page group_page(const commands::VerbGroup& group, const Edition& edition) {
    return page(page_name(group.name), group.summary, std::string(group.name) + " VERB [flags]",
                group.name, prose("Each verb has its own page.") + verb_list(group.name), edition);
}

Page general_page(const Edition& edition) {
    const std::string subject(cli::subject);
    std::vector<Setting> settings;
    for (const auto& spec : config::all_settings()) {
        settings.push_back(spec.setting);
    }
    std::string foreign;
    for (const auto& [names, meaning] : foreign_variables) {
        foreign += item("Ev " + std::string(names), meaning);
    }
    return page(
        "bqconn", "manage " + subject, "VERB [flags]", "",
        prose("bqconn manages " + subject +
              ".\n\nThe verb comes first. Each verb has its own page: for example, the page for "
              "auth token is bqconn-auth-token.") +
            verb_list("") + ".Pp\n" +
            prose("Precedence of settings, highest first: flag, variable, --env-file (the last one "
                  "given), --credentials, profile, default. bqconn config shows where each value "
                  "comes from.\n\nA flag for a secret accepts @FILE to read it from a file, and - "
                  "to read it from standard input.\n\nStandard output carries only the result; "
                  "errors and warnings go to standard error.") +
            section("OPTIONS") + list(switch_items(commands::general_switches)) +
            section("ENVIRONMENT") +
            prose("A variable is used if its flag is not given. An empty variable is an error.") +
            ".Pp\n" + variables(settings) + ".Pp\n" + prose("Of other programs:") + list(foreign) +
            files(true, true) + exit_status() + section("EXAMPLES") +
            literal(cli::general_examples),
        edition);
}

}  // namespace
}  // namespace bqconn::man

int main(int argc, char** argv) {
    using namespace bqconn;
    if (argc != 3) {
        std::cerr << "usage: bqconn-man FOLDER YYYY-MM-DD\n";
        return 2;
    }
    try {
        const man::Edition edition{version, man::spelled_date(argv[2])};
        std::vector<man::Page> pages{man::general_page(edition)};
#ifdef BQCONN_EMULATOR_PAGE
        pages.push_back(man::emulator_page(edition));
#endif
        std::set<std::string_view> groups;
        for (const auto& verb : commands::verbs()) {
            pages.push_back(man::verb_page(verb, edition));
            const auto* const group = commands::find_group(commands::group_of(verb));
            if (group != nullptr && groups.insert(group->name).second) {
                pages.push_back(man::group_page(*group, edition));
            }
        }
        for (const auto& page : pages) {
            const auto path = std::filesystem::path(argv[1]) / (page.name + ".1");
            std::ofstream file(path, std::ios::binary);
            file << page.text << std::flush;
            if (!file) {
                throw std::runtime_error("cannot write " + path.string());
            }
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "bqconn-man: " << error.what() << '\n';
        return 1;
    }
}
