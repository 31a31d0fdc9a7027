// The emulator's page, from the table that its --help is written from.
#include <string>
#include <string_view>

#include "bqconn/core/text.hpp"
#include "emulator/options.hpp"
#include "man/mdoc.hpp"

namespace bqconn::man {
namespace {

constexpr std::string_view program = "bqconn-emulator";

// A term of the help as list terms: "-v, --verbose", "METHOD".
std::string terms_of(std::string_view help_term) {
    std::string terms;
    for (const auto& word : split(help_term, ',')) {
        std::string term = usage(trim_ascii(word));
        for (char& c : term) {
            c = c == '\n' ? ' ' : c;
        }
        // Without the dot before the macro, which is for the start of a line.
        terms += (terms.empty() ? "" : " , ") + std::string(trim_ascii(term)).substr(1);
    }
    return terms;
}

std::string items_of(const std::vector<emulator::HelpEntry>& entries) {
    std::string items;
    for (const auto& entry : entries) {
        items += item(terms_of(entry.term), entry.text);
    }
    return items;
}

}  // namespace

Page emulator_page(const Edition& edition) {
    std::string synopsis;
    std::string modes;
    for (const auto& mode : emulator::help_modes()) {
        synopsis += ".Nm\n" + usage(mode.term);
        modes += item("Cm " + mode.term.substr(0, mode.term.find(' ')), mode.text);
    }
    std::string options = section("OPTIONS");
    for (const auto& part : emulator::help_sections()) {
        options += (part.title == "Options" ? "" : subsection(part.title)) +
                   (part.form.empty() ? "" : literal(part.form)) + list(items_of(part.entries));
    }
    const std::string description = std::string(program) + " is " +
                                    std::string(emulator::help_summary) + "\n" +
                                    std::string(emulator::help_details);
    const std::string codes = item("0", "serve was stopped by SIGTERM or SIGINT") +
                              item("2", "Invalid option; nothing was started");
    return {std::string(program),
            page_head(program, emulator::help_summary, edition) + section("SYNOPSIS") + synopsis +
                section("DESCRIPTION") + prose(description) + list(modes) + options +
                section("EXIT STATUS") +
                prose("exec exits with the status of its command. Otherwise as") +
                ".Xr bqconn 1 :\n" + list(codes) + section("EXAMPLES") +
                literal(emulator::help_examples) + section("SEE ALSO") + ".Xr bqconn 1\n"};
}

}  // namespace bqconn::man
