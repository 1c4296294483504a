"""What is put on paper: a sheet made of strings, and the press that draws it as a PDF. One sheet, one row of bytes."""
