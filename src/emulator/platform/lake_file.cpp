#include "emulator/platform/lake_file.hpp"

#include <algorithm>

#include "emulator/document.hpp"
#include "emulator/platform/xdm.hpp"
#include "emulator/samples.hpp"
#include "emulator/server/message.hpp"

namespace bqconn::emulator {
namespace {

using json::Json;

// The text at `key`, which must consist of lower-case hexadecimal digits.
std::string hex_at(const Json& document, const char* key, std::size_t digits,
                   const std::string& place) {
    auto id = json::string_at(document, key);
    if (id.size() != digits || id.find_first_not_of("0123456789abcdef") != std::string::npos) {
        refuse_at(place + "." + key,
                  "must be " + std::to_string(digits) + " lower-case hexadecimal digits");
    }
    return id;
}

template <typename Entry>
void check_new_id(const std::vector<Entry>& entries, const std::string& id,
                  const std::string& place) {
    if (std::ranges::find(entries, id, &Entry::id) != entries.end()) {
        refuse_at(place + ".id", "duplicate ID");
    }
}

LakeSchema read_schema_entry(const Json& document, const std::string& place) {
    constexpr std::size_t id_digits = 32;
    LakeSchema schema{hex_at(document, "id", id_digits, place), document};
    name_at(document, "title", place, "a title");
    array_at(document, "allOf", place);
    schema.body.erase("id");
    schema.body["type"] = "object";
    schema.body.emplace("description", "");
    if (const auto mistake = find_schema_mistake(schema.body, is_standard_xdm)) {
        refuse_at(place + mistake->place, mistake->what);
    }
    return schema;
}

}  // namespace

Lake read_lake(std::string_view text, const std::string& source) {
    constexpr std::size_t id_digits = 24;
    const Json document = parse_document(text, source);
    Lake lake;
    const Json& schemas = array_at(document, "schemas", source);
    const Json& datasets = array_at(document, "datasets", source);
    lake.tenant = json::string_at(document, "tenant");
    if (!is_word(lake.tenant, {})) {
        refuse_at(source + ": tenant", "must consist of letters and digits");
    }
    for (std::size_t i = 0; i < schemas.size(); ++i) {
        const std::string place = element(source + ": schemas", i);
        check_object(schemas[i], place);
        LakeSchema schema = read_schema_entry(schemas[i], place);
        check_new_id(lake.schemas, schema.id, place);
        lake.schemas.push_back(std::move(schema));
    }
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        const std::string place = element(source + ": datasets", i);
        const std::string title = json::string_at(datasets[i], "schema");
        const auto schema = std::ranges::find_if(lake.schemas, [&](const LakeSchema& candidate) {
            return candidate.body.at("title") == title;
        });
        if (schema == lake.schemas.end()) {
            refuse_at(place + ".schema", "must be the title of one of the schemas");
        }
        LakeDataset dataset{hex_at(datasets[i], "id", id_digits, place),
                            name_at(datasets[i], "name", place, "a name"), schema->id};
        check_new_id(lake.datasets, dataset.id, place);
        lake.datasets.push_back(std::move(dataset));
    }
    return lake;
}

const Lake& sample_lake() {
    static const Lake lake = read_lake(lake_sample, "the built-in data lake");
    return lake;
}

}  // namespace bqconn::emulator
