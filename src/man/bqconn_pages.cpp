#include <algorithm>
#include <string>
#include <string_view>

#include "bqconn/cli/help.hpp"
#include "bqconn/cli/verbs.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/output/format.hpp"
#include "man/pages.hpp"
#include "man/sections.hpp"

namespace bqconn::man {
namespace {

using config::Group;
using config::Setting;

std::string page_name(std::string_view verb) {
    std::string name = "bqconn-" + std::string(verb);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string switch_item(const cli::Switch& one) {
    return item(flag_term(one.flag, one.alias, "", ""), one.help);
}

std::string setting_item(const cli::Verb& verb, const config::SettingSpec& spec) {
    std::string help(spec.help);
    if (spec.setting == Setting::output) {
        help += ". One of auto";
        for (const auto format : verb.formats) {
            help += ", " + std::string(output::name_of(format));
        }
    }
    return item(flag_term(spec.flag, spec.alias, spec.value_name, spec.variable), help);
}

std::string options(const cli::Verb& verb) {
    std::string out = section("OPTIONS");
    std::string own;
    for (const auto& one : verb.switches) {
        own += switch_item(one);
    }
    if (!own.empty()) {
        out += subsection("Flags") + list(own);
    }
    for (const Group group : {Group::google, Group::connection, Group::adobe, Group::files,
                              Group::network, Group::output}) {
        std::string items;
        for (const Setting setting : verb.settings) {
            const auto& spec = config::spec_of(setting);
            items += spec.group == group && !spec.flag.empty() ? setting_item(verb, spec) : "";
        }
        if (group == Group::output) {
            for (const auto& one : cli::common_switches()) {
                items += switch_item(one);
            }
        }
        if (!items.empty()) {
            out += subsection(config::title_of(group)) + list(items);
        }
    }
    return out;
}

std::string verb_list(std::string_view group) {
    std::string items;
    for (const auto& verb : cli::verbs()) {
        if (group.empty() || cli::group_of(verb) == group) {
            items += item("Cm " + std::string(verb.name), verb.summary);
        }
    }
    return compact_list(items, "auth google");
}

Page verb_page(const cli::Verb& verb, const Edition& edition) {
    const std::string name = page_name(verb.name);
    std::vector<std::string> related{"bqconn", "bqconn-emulator"};
    for (const auto& other : cli::verbs()) {
        const auto group = cli::group_of(verb);
        if (!group.empty() && cli::group_of(other) == group && other.name != verb.name) {
            related.push_back(page_name(other.name));
        }
    }
    const std::string arguments(verb.usage.substr(verb.name.size() + 1));
    return {name, page_head(name, verb.summary, edition) + section("SYNOPSIS") + ".Nm bqconn " +
                      std::string(verb.name) + "\n" + usage(arguments) + section("DESCRIPTION") +
                      prose(verb.description) + options(verb) + environment(verb) + files(verb) +
                      exit_status() + section("EXAMPLES") + examples(verb.examples) +
                      see_also(related)};
}

Page group_page(const cli::VerbGroup& group, const Edition& edition) {
    const std::string name = page_name(group.name);
    std::vector<std::string> related{"bqconn"};
    for (const auto& verb : cli::verbs()) {
        if (cli::group_of(verb) == group.name) {
            related.push_back(page_name(verb.name));
        }
    }
    return {name, page_head(name, group.summary, edition) + section("SYNOPSIS") + ".Nm bqconn " +
                      std::string(group.name) + "\n" + usage("VERB [flags]") +
                      section("DESCRIPTION") + prose("Each verb has its own page.") + ".Pp\n" +
                      verb_list(group.name) + see_also(related)};
}

Page general_page(const std::vector<Page>& others, const Edition& edition) {
    // The parts of the help that are in no table: its first line and its examples.
    const std::string help = cli::general_help();
    const std::string purpose = help.substr(0, help.find('\n'));
    const std::string heading = "\nExamples:\n";
    const std::string shown = help.substr(help.find(heading) + heading.size());
    std::string switches;
    for (const auto& one : cli::general_switches()) {
        switches += switch_item(one);
    }
    std::vector<std::string> related{"bqconn-emulator"};
    for (const auto& page : others) {
        related.push_back(page.name);
    }
    const std::string_view prefix = "bqconn manages ";
    return {"bqconn",
            page_head("bqconn", "manage " + purpose.substr(prefix.size()), edition) +
                section("SYNOPSIS") + ".Nm bqconn\n" + usage("VERB [flags]") +
                section("DESCRIPTION") +
                prose(purpose + "\n\nThe verb comes first. Each verb has its own page: the page of "
                                "auth token is bqconn-auth-token.") +
                ".Pp\n" + verb_list("") + ".Pp\n" +
                prose("Precedence of settings, highest first: flag, variable, --env-file (the last "
                      "one given), --credentials, profile, default. bqconn config shows where each "
                      "value comes from.\n\nA flag for a secret accepts @FILE to read it from a "
                      "file, and - to read it from standard input.\n\nStandard output carries only "
                      "the result; errors and warnings go to standard error.") +
                section("OPTIONS") + list(switches) + general_environment() + general_files() +
                exit_status() + section("EXAMPLES") + examples(shown) + see_also(related)};
}

}  // namespace

std::vector<Page> bqconn_pages(const Edition& edition) {
    std::vector<Page> pages;
    std::string_view last_group;
    for (const auto& verb : cli::verbs()) {
        const auto group = cli::group_of(verb);
        if (!group.empty() && group != last_group) {
            pages.push_back(group_page(*cli::find_group(group), edition));
            last_group = group;
        }
        pages.push_back(verb_page(verb, edition));
    }
    pages.push_back(general_page(pages, edition));
    return pages;
}

}  // namespace bqconn::man
