// bqconn datasets: lists the datasets of the sandbox with their schemas.
#include "bqconn/lake/datasets.hpp"

#include <map>

#include "bqconn/commands/verb.hpp"
#include "bqconn/lake/schemas.hpp"
#include "bqconn/output/dataflow.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

void datasets(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    std::vector<output::ListedDataset> listed;
    for (auto& one : lake::find_datasets(session.service())) {
        listed.push_back({std::move(one), ""});
    }
    if (!listed.empty() && task.format != Format::id) {
        std::map<std::string, std::string> titles;
        for (auto& one : lake::read_schemas(session.service())) {
            titles.emplace(std::move(one.id), std::move(one.title));
        }
        for (auto& one : listed) {
            if (const auto found = titles.find(one.dataset.schema_id); found != titles.end()) {
                one.schema_title = found->second;
            }
        }
    }
    context.console.show(task.format, output::render(listed, task.format, context.console.style()));
}

}  // namespace

Verb datasets_verb() {
    return {
        .name = "datasets",
        .summary = "List the datasets a dataflow can write to",
        .usage = "datasets [flags]",
        .description =
            "Lists the datasets of the sandbox, each with its schema. bqconn dataflow create "
            "--into takes the ID or the exact name of one.",
        .examples =
            "  # Names, IDs and schemas\n"
            "  bqconn datasets\n\n"
            "  # Those with one schema\n"
            "  bqconn datasets -o ndjson | jq -r 'select(.schemaTitle == \"Orders\") | .name'",
        .settings = with_common({}),
        .formats = {Format::text, Format::json, Format::ndjson, Format::id},
        .run = datasets,
    };
}

}  // namespace bqconn::commands
