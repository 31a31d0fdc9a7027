// bqconn schemas: lists the schemas, or the fields of one.
#include "bqconn/lake/schemas.hpp"

#include <algorithm>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/output/dataflow.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

constexpr const char* how_to_list = "list all of them: bqconn schemas";

// "https://ns.adobe.com/acme/schemas/…" or "_acme.schemas.…".
bool is_schema_id(const std::string& text) {
    return text.find("://") != std::string::npos ||
           (text.starts_with('_') && text.find(".schemas.") != std::string::npos);
}

std::string id_of_title(flow::FlowService& service, const std::string& title) {
    const std::vector<lake::Schema> schemas = lake::read_schemas(service);
    std::vector<std::string_view> titles;
    titles.reserve(schemas.size());
    std::vector<std::string> ids;
    for (const auto& one : schemas) {
        titles.push_back(one.title);
        if (one.title == title) {
            ids.push_back(one.id);
        }
    }
    if (ids.empty()) {
        const auto meant = nearest(title, titles);
        throw Error(ExitCode::not_found, "not_found.schema",
                    "no schema has the title \"" + title + "\"" +
                        (meant ? "; similar: " + inert_line(*meant) : ""),
                    how_to_list);
    }
    if (ids.size() > 1) {
        throw Error(ExitCode::conflict, "conflict.several_exist",
                    "several schemas have the title \"" + title + "\":\n  " + join(ids, "\n  "),
                    "pass the ID of one of them instead");
    }
    return ids.front();
}

lake::SchemaFields target_schema(flow::FlowService& service, const std::string& operand) {
    const std::string id = is_schema_id(operand) ? operand : id_of_title(service, operand);
    try {
        return lake::read_schema(service, id);
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found) {
            throw;
        }
        throw Error(error.exit_code(), "not_found.schema",
                    "no schema " + id + ": " + error.message(), how_to_list)
            .answered_as(error);
    }
}

void schemas(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const output::Style style = context.console.style();
    context.console.show(
        task.format,
        task.operands.empty()
            ? output::render(lake::read_schemas(service), task.format, style)
            : output::render(target_schema(service, task.operands.front()), task.format, style));
}

}  // namespace

Verb schemas_verb() {
    return {
        .name = "schemas",
        .summary = "List the schemas, or the fields of one",
        .usage = "schemas [ID] [flags]",
        .description =
            "Lists the schemas of the organisation or, given the ID or exact title of one, its "
            "fields with their types, as paths for bqconn dataflow create --map. "
            "\"required\" means required in the object that holds the field. -o id prints only "
            "the IDs or the paths.",
        .examples =
            "  # Titles and IDs\n"
            "  bqconn schemas\n\n"
            "  # The fields of one\n"
            "  bqconn schemas Orders\n\n"
            "  # What must be mapped\n"
            "  bqconn schemas Orders -o json | jq -r '.fields[] | select(.required) | .path'",
        .settings = with_common({}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1},
        .run = schemas,
    };
}

}  // namespace bqconn::commands
