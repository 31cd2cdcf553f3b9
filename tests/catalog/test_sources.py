"""Every kind of catalog people have, sound and broken."""

import io
import zipfile
from contextlib import suppress
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from search import Catalog, Product
from search.catalog import archives
from search.errors import CatalogError, FilterError, ImageError, InputError, QueryError
from tests.conftest import swatch


def jpeg(colour="red", size=(32, 32)) -> bytes:
    out = io.BytesIO()
    swatch(colour, size).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    for path in ("Shoes/red_boot.jpg", "Shoes/blue-boot.png", "Home/Mugs/mug.jpg"):
        (tmp_path / "shop" / path).parent.mkdir(parents=True, exist_ok=True)
        swatch("blue" if "blue" in path else "red").save(tmp_path / "shop" / path)
    return tmp_path / "shop"


def by_id(catalog: Catalog) -> dict[str, Product]:
    return {product.id: product for product in catalog}


def write(path, text: str, **options):
    path.write_text(text, **{"encoding": "utf-8"} | options)
    return path


def test_sub_folders_become_categories(folder):
    products = by_id(Catalog.load(folder))
    assert products["Shoes/red_boot"].title == "Red boot"
    assert products["Shoes/red_boot"].category == "Shoes"
    assert products["Home/Mugs/mug"].category == "Mugs"
    assert products["Home/Mugs/mug"].attributes["department"] == "Home"


def test_two_files_with_one_stem_are_two_products(tmp_path):
    swatch("red").save(tmp_path / "a.jpg")
    swatch("blue").save(tmp_path / "a.png")
    assert set(by_id(Catalog.load(tmp_path))) == {"a.jpg", "a.png"}


def test_hidden_files_and_macos_droppings_are_passed_over(folder):
    swatch("red").save(folder / ".hidden.jpg")
    (folder / "__MACOSX").mkdir()
    swatch("red").save(folder / "__MACOSX" / "x.jpg")
    assert len(Catalog.load(folder)) == 3


def test_a_half_broken_csv_loads_the_rest_and_names_each_line(tmp_path):
    (tmp_path / "ok.jpg").write_bytes(jpeg())
    (tmp_path / "cut.jpg").write_bytes(jpeg(size=(200, 200))[:-20])
    (tmp_path / "text.jpg").write_text("hello")
    write(
        tmp_path / "shop.csv",
        "id,title,image,price\n"
        "a,Good,ok.jpg,9.90\n"
        'b,"Two\nlines",nowhere.jpg,1\n'  # takes lines 3 and 4
        "c,Cut,cut.jpg,1\n"
        "d,Text,text.jpg,1\n"
        "a,Again,ok.jpg,1\n"
        "e,Free,ok.jpg,free\n"
        "f,None,,1\n"
        "\n"
        "g,Last,ok.jpg,\n",
    )
    catalog = Catalog.load(tmp_path / "shop.csv")
    assert list(by_id(catalog)) == ["a", "g"]
    assert [issue.where for issue in catalog.report.errors] == [f"row {n}" for n in (3, 5, 6, 7, 8, 9)]
    text = str(catalog.report)
    assert "2 products loaded, 6 skipped" in text
    for reason in ("no picture at nowhere.jpg", "cut.jpg is damaged", "text.jpg cannot be read", "already stands in"):
        assert reason in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_as_any_spreadsheet_saves_it(tmp_path, encoding, delimiter):
    (tmp_path / "a.jpg").write_bytes(jpeg())
    write(tmp_path / "s.csv", "编号,标题,图片\n1,红色杯子,a.jpg\n".replace(",", delimiter), encoding=encoding)
    (product,) = Catalog.load(tmp_path / "s.csv")
    assert (product.id, product.title) == ("1", "红色杯子")


def test_a_shopify_export_has_one_product_a_handle(tmp_path):
    (tmp_path / "tee.jpg").write_bytes(jpeg())
    write(
        tmp_path / "products_export.csv",
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\n"
        'tee,Plain tee,<p>Soft</p>,Acme,T-shirts,"summer, cotton",Color,Red,S1,19.00,https://cdn.example/tee.jpg?v=1\n'
        "tee,,,,,,,Blue,S2,19.00,\n"
        "cap,Plain cap,,Acme,Caps,,Color,Green,S3,9.00,https://cdn.example/cap.jpg\n",
    )
    fetched = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return jpeg("green")

    products = by_id(Catalog.load(tmp_path / "products_export.csv", fetch=fetch))
    assert list(products) == ["tee", "cap"]
    tee = products["tee"]
    assert (tee.brand, tee.category, tee.colour, tee.price) == ("Acme", "T-shirts", "Red", 19.0)
    assert (tee.description, tee.tags) == ("Soft", ("summer", "cotton"))
    # The picture that lies beside the file is not fetched again.
    assert fetched == ["https://cdn.example/cap.jpg"]


def test_a_google_merchant_feed_is_understood(tmp_path):
    write(
        tmp_path / "feed.tsv",
        "id\ttitle\timage link\tprice\tproduct type\tcolor\tgender\tbrand\n"
        "1\tBag\thttps://cdn.example/bag.jpg\t24.90 EUR\tAccessories > Bags\tbrown\tfemale\tAcme\n",
    )
    (bag,) = Catalog.load(tmp_path / "feed.tsv", fetch=lambda url: jpeg())
    assert (bag.category, bag.price, bag.attributes["currency"]) == ("Bags", 24.9, "EUR")
    assert (bag.colour, bag.gender, bag.brand) == ("brown", "female", "Acme")


def test_pictures_that_cannot_be_fetched_are_reported_not_raised(tmp_path):
    def fetch(url: str) -> bytes:
        if "bad" in url:
            raise ImageError("The picture at bad cannot be fetched.")
        return jpeg()

    write(tmp_path / "f.csv", "id,image_link\n1,https://x/good.jpg\n2,https://x/bad.jpg\n")
    catalog = Catalog.load(tmp_path / "f.csv", fetch=fetch)
    assert len(catalog) == 1
    assert catalog.report.errors[0].where == "row 3"


def test_parquet_in_the_datasets_format(tmp_path):
    rows = [{"image": {"bytes": jpeg(), "path": "x.jpg"}, "id": n, "title": f"T{n}"} for n in (1, 2)]
    pq.write_table(pa.Table.from_pylist([*rows, {"image": None, "id": 3, "title": "T3"}]), tmp_path / "d.parquet")
    catalog = Catalog.load(tmp_path / "d.parquet")
    assert list(by_id(catalog)) == ["1", "2"]
    assert str(catalog.report.errors[0]) == "row 3: There is no picture."


def no_date() -> pa.Array:
    """Day 5,000,000 since 1970 (in the year 15659), which Arrow has and Python has not."""
    return pa.array([5_000_000], pa.int32()).view(pa.date32())


def no_text() -> pa.Array:
    """A column of text whose bytes are no UTF-8."""
    return pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")])


@pytest.mark.parametrize(
    ("cell", "reason"),
    [(no_date(), "date value out of range"), (no_text(), "can't decode byte 0xff")],
    ids=["date", "text"],
)
def test_a_parquet_value_that_python_cannot_have_is_one_sentence(tmp_path, cell, reason):
    columns = {"image": pa.array([jpeg()]), "id": pa.array(["1"]), "odd": cell}
    pq.write_table(pa.table(columns), tmp_path / "odd.parquet")
    with pytest.raises(CatalogError, match=f"odd.parquet is not a sound Parquet file.*{reason}"):
        Catalog.load(tmp_path / "odd.parquet")


def test_a_parquet_file_with_flipped_bits_loads_or_is_one_sentence(tmp_path):
    rows = [{"image": {"bytes": jpeg(), "path": "x.jpg"}, "id": n, "title": f"T{n}"} for n in range(4)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "sound.parquet")
    sound = bytearray((tmp_path / "sound.parquet").read_bytes())
    random = Random(0)
    for _ in range(100):
        damaged = bytearray(sound)
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
        (tmp_path / "damaged.parquet").write_bytes(damaged)
        with suppress(CatalogError):
            Catalog.load(tmp_path / "damaged.parquet")


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_zip_of_a_folder(tmp_path, folder, wrapped, monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED", tmp_path / "unpacked")
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(folder.parent if wrapped else folder))
    assert set(by_id(Catalog.load(tmp_path / "shop.zip"))) == {"Shoes/red_boot", "Shoes/blue-boot", "Home/Mugs/mug"}


def test_a_zip_cannot_write_outside_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED", tmp_path / "deep" / "unpacked")
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../../../evil.jpg", jpeg())
    Catalog.load(tmp_path / "evil.zip")
    assert not (tmp_path / "evil.jpg").exists()


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED", tmp_path / "unpacked")
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", b"\0" * 100_000)
    with pytest.raises(CatalogError, match="unpacks to"):
        Catalog.load(tmp_path / "bomb.zip")


def test_the_shared_data_loads_as_it_is(shared):
    catalog = Catalog.load(shared / "fashion" / "test.parquet")
    assert len(catalog) == 2085
    assert not catalog.report.errors
    product = catalog.get("20048")
    assert (product.category, product.colour, product.gender) == ("Caps", "Green", "Women")
    packshots = Catalog.load(shared / "grocery" / "packshots.parquet")
    assert next(iter(packshots)).title == "Golden Delicious"
    assert next(iter(packshots)).category == "Apple"


def test_a_dataset_without_a_network_is_one_sentence(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(CatalogError, match="nobody/nothing"):
        Catalog.load("hf:nobody/nothing")


def test_a_dataset_from_the_hub_is_read_row_by_row(monkeypatch):
    """The hub cannot be reached in tests; `datasets` itself is real, only the download is not."""
    import datasets

    features = datasets.Features(
        {"image": datasets.Image(), "id": datasets.Value("int64"), "productDisplayName": datasets.Value("string"),
         "articleType": datasets.Value("string"), "baseColour": datasets.Value("string")}
    )  # fmt: skip
    row = {"image": Image.new("RGB", (16, 16)), "id": 5, "productDisplayName": "Tee", "articleType": "Tshirts",
           "baseColour": "Red"}  # fmt: skip
    made = datasets.DatasetDict({"train": datasets.Dataset.from_list([row], features=features)})
    monkeypatch.setattr(datasets, "load_dataset", lambda name: made)
    (product,) = Catalog.load("hf:ashraq/fashion-product-images-small")
    assert (product.id, product.title, product.category, product.colour) == ("5", "Tee", "Tshirts", "Red")
    blind = datasets.DatasetDict({"test": datasets.Dataset.from_list([{"id": 5}])})
    monkeypatch.setattr(datasets, "load_dataset", lambda name: blind)
    with pytest.raises(CatalogError, match=r"^shop/blind has no column with pictures"):
        Catalog.load("hf:shop/blind@test")
    monkeypatch.setattr(datasets, "load_dataset", lambda name: made)
    with pytest.raises(CatalogError, match="no split"):
        Catalog.load("hf:ashraq/fashion-product-images-small@test")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path / "nowhere", "There is no catalog"),
        (lambda path: path, "no usable product"),
        (lambda path: write(path / "empty.csv", ""), "empty|no column|no rows"),
        (lambda path: write(path / "header.csv", "id,title,image\n"), "no rows"),
        (lambda path: write(path / "blind.csv", "id,title\n1,A\n"), "no column with pictures"),
        (lambda path: write(path / "all.csv", "id,image\n1,x.jpg\n"), r"no usable product \(1 skipped\)"),
        (lambda path: write(path / "notes.docx", "x"), "not a catalog"),
        (lambda path: write(path / "bad.parquet", "x"), "not a sound Parquet"),
        (lambda path: write(path / "bad.zip", "x"), "cannot be unpacked"),
    ],
)
def test_what_is_no_catalog_is_refused_with_its_reason(tmp_path, make, reason):
    with pytest.raises(CatalogError, match=reason):
        Catalog.load(make(tmp_path))


def test_further_pictures_are_found_beside_the_table_and_never_cost_the_product(tmp_path):
    for name in ("a.jpg", "b.jpg", "odd, name.jpg"):
        (tmp_path / name).write_bytes(jpeg())
    (tmp_path / "damaged.jpg").write_text("nobody looks yet")
    write(
        tmp_path / "shop.csv",
        "id,title,image,images\n"
        "1,Three,a.jpg,b.jpg|damaged.jpg\n"
        '2,Gone,a.jpg,"a.jpg, none.jpg; b.jpg"\n'
        "3,Only further ones,,b.jpg|a.jpg\n"
        '4,A comma in its name,a.jpg,"odd, name.jpg"\n'
        "5,Alone,b.jpg,\n",
    )
    catalog = Catalog.load(tmp_path / "shop.csv")
    found = {id: [path.name for path in product.more_images] for id, product in by_id(catalog).items()}
    assert found == {"1": ["b.jpg", "damaged.jpg"], "2": ["b.jpg"], "3": ["a.jpg"], "4": ["odd, name.jpg"], "5": []}
    assert by_id(catalog)["3"].image.name == "b.jpg"
    assert catalog.report.errors == ()
    assert [str(issue) for issue in catalog.report.missing_images] == ["row 3: There is no picture at none.jpg."]
    assert (
        str(catalog.report)
        == "5 products loaded, 1 further pictures missing:\n  row 3: There is no picture at none.jpg."
    )
    assert "images" not in by_id(catalog)["1"].attributes


def test_further_pictures_on_the_web_are_not_fetched_before_they_are_shown(tmp_path):
    (tmp_path / "beside.jpg").write_bytes(jpeg())
    write(
        tmp_path / "feed.csv",
        'id,image_link,additional_image_link\n1,https://x/1.jpg,"https://x/w_2,h_2/2.jpg,https://x/beside.jpg?v=1"\n',
    )
    fetched = []
    (product,) = Catalog.load(tmp_path / "feed.csv", fetch=lambda url: fetched.append(url) or jpeg())
    assert fetched == ["https://x/1.jpg"]
    assert product.more_images == ("https://x/w_2,h_2/2.jpg", tmp_path / "beside.jpg")


def test_one_column_of_several_pictures_gives_the_first_and_the_further_ones(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.jpg").write_bytes(jpeg())
    for column in ("Images", "image"):
        write(tmp_path / "shop.csv", f'id,{column}\n1,"a.jpg, b.jpg, c.jpg"\n')
        (product,) = Catalog.load(tmp_path / "shop.csv")
        assert [path.name for path in (product.image, *product.more_images)] == ["a.jpg", "b.jpg", "c.jpg"]


def test_the_further_rows_of_a_shopify_export_are_further_pictures(tmp_path):
    write(
        tmp_path / "export.csv",
        "Handle,Title,Image Src,Image Position,Variant SKU\n"
        "tee,Plain tee,https://x/1.jpg,1,S1\n"
        "tee,,https://x/2.jpg,2,S2\n"
        "tee,,,,S3\n"
        "tee,,https://x/3.jpg,3,\n"
        "cap,Plain cap,https://x/4.jpg,1,S4\n",
    )
    products = by_id(Catalog.load(tmp_path / "export.csv", fetch=lambda url: jpeg()))
    assert products["tee"].more_images == ("https://x/2.jpg", "https://x/3.jpg")
    assert products["cap"].more_images == ()


def test_a_parquet_column_of_pictures_gives_the_further_ones(tmp_path):
    one, two = jpeg("red"), jpeg("blue")
    row = {
        "id": "1",
        "image": {"bytes": one, "path": None},
        "images": [{"bytes": data, "path": None} for data in (one, two)],
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "d.parquet")
    (product,) = Catalog.load(tmp_path / "d.parquet")
    assert product.more_images == (two,)


def test_further_pictures_are_each_one_and_ten_at_most(tmp_path):
    for number in range(15):
        swatch((number * 10, 0, 0)).save(tmp_path / f"{number}.png")
    many = "|".join(f"{number}.png" for number in (0, 1, 1, 0, *range(2, 15)))
    write(tmp_path / "shop.csv", f"id,image,images\n1,0.png,{many}\n")
    (product,) = Catalog.load(tmp_path / "shop.csv")
    assert [path.name for path in product.more_images] == [f"{number}.png" for number in range(1, 1 + 10)]


def test_a_note_beside_the_pictures_is_no_table(folder):
    write(folder / "readme.txt", "id,image\n")
    assert len(Catalog.load(folder)) == 3


def test_several_tables_in_a_folder_ask_which(tmp_path):
    for name in ("a.csv", "b.csv"):
        write(tmp_path / name, "id,image\n")
    with pytest.raises(CatalogError, match=r"a\.csv, b\.csv"):
        Catalog.load(tmp_path)


class TestStore:
    @pytest.fixture
    def catalog(self):
        from tests.conftest import toy_products

        return Catalog(toy_products())

    def test_rows_stay_when_others_go(self, catalog):
        catalog.remove(["cup-green"])
        assert catalog.row("hat-red") == 2
        assert catalog.rows().tolist() == [0, 2, 3]
        assert [p.id for p in catalog] == ["cup-red", "hat-red", "hat-blue"]
        assert catalog.add([Product("new", "New", swatch("red"))]) == [4]

    def test_ids_are_unique_and_adding_is_all_or_nothing(self, catalog):
        fresh = Product("fresh", "Fresh", swatch("red"))
        with pytest.raises(InputError, match="taken"):
            catalog.add([fresh, Product("cup-red", "Again", swatch("red"))])
        assert "fresh" not in catalog

    def test_removing_is_all_or_nothing_and_suggests_the_name(self, catalog):
        with pytest.raises(QueryError, match="Did you mean 'cup-red'"):
            catalog.remove(["hat-red", "cup-rd"])
        assert len(catalog) == 4

    @pytest.mark.parametrize(
        ("filters", "ids"),
        [
            ({}, ["cup-red", "cup-green", "hat-red", "hat-blue"]),
            ({"category": ["cups"]}, ["cup-red", "cup-green"]),
            ({"category": "Hats", "colour": ["Red", "Green"]}, ["hat-red"]),
            ({"price": (15, None)}, ["cup-green", "hat-red"]),
            ({"price": (None, 15), "category": ["Hats"]}, []),
            ({"colour": []}, ["cup-red", "cup-green", "hat-red", "hat-blue"]),
            ({"colour": ["mauve"]}, []),
        ],
    )
    def test_filters_combine(self, catalog, filters, ids):
        assert [catalog.at(row).id for row in catalog.mask(filters).nonzero()[0]] == ids

    def test_an_unknown_field_is_named_with_what_there_is(self, catalog):
        with pytest.raises(FilterError, match="Did you mean 'colour'"):
            catalog.mask({"color": ["red"]})

    def test_facets_count_under_the_other_filters(self, catalog):
        facets = catalog.facets({"category": ["Cups"], "colour": ["Blue"]})
        assert {v.value: v.count for v in facets["category"]} == {"Hats": 1, "Cups": 0}
        assert {v.value: v.count for v in facets["colour"]} == {"Red": 1, "Green": 1, "Blue": 0}

    def test_attributes_and_tags_can_be_filtered_too(self):
        catalog = Catalog(
            [
                Product("a", "A", swatch("red"), tags=("Summer", "new"), attributes={"season": "Fall"}),
                Product("b", "B", swatch("red"), tags=("winter",), attributes={"season": "Spring"}),
            ]
        )
        assert catalog.mask({"tags": ["summer"]}).tolist() == [True, False]
        assert catalog.mask({"season": "spring"}).tolist() == [False, True]

    def test_the_price_span_passes_over_missing_prices(self, catalog):
        assert catalog.price_span() == (10.0, 30.0)

    def test_the_digest_changes_with_a_word_or_a_pixel(self):
        digests = {
            Catalog([Product("a", title, swatch(colour))]).digest()
            for title, colour in [("A", "red"), ("B", "red"), ("A", "blue")]
        }
        assert len(digests) == 3
